import { type Clock, sleep } from '@millrace/kernel';
import { millraceVersion } from '../version.js';
import type { ProcessStats } from './command.js';

/** Long enough to show a loop that is held up, short enough to wait for. */
const lagProbeMs = 20;

/** How this process does; takes a moment, to see how late a timer fires. */
export async function processStats(clock: Clock): Promise<ProcessStats> {
  const began = clock.monotonic();
  await sleep(clock, lagProbeMs);
  const loopLagMs = Math.max(0, Math.round(clock.monotonic() - began - lagProbeMs));
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    uptimeMs: Math.round(process.uptime() * 1_000),
    rssBytes: rss,
    heapUsedBytes: heapUsed,
    externalBytes: external,
    cpuMs: Math.round((user + system) / 1_000),
    loopLagMs,
    versions: { node: process.version, millrace: millraceVersion },
  };
}
