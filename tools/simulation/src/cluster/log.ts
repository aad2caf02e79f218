import { type Log, silentLog } from '@millrace/telemetry';
import type { Life } from '../world/life.js';
import type { World } from '../world/world.js';

/** What a process logs goes into the trace, when that is kept. */
export function logOf(world: World, life: Life): Log {
  if (!world.trace.keeps) return silentLog;
  const write = (fields: object, message: string): void => world.aside(life.name, `log: ${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: () => undefined, info: write, warn: write, error: write, child: () => log };
  return log;
}
