import { systemClock } from '@millrace/kernel';
import { pino } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logs: fields first, then a short fixed sentence. Fields never hold payloads, arguments or secrets. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A log that adds `fields` to each line. */
  child(fields: LogFields): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A log with somewhere to go at the end. */
export interface ProcessLog extends Log {
  /** Writes what is still in memory. */
  flush(): void;
}

/** A write for each line would cost more than many a task. */
const blockBytes = 8_192;

/** A line waits at most this long for a block to be full. */
const longestWaitMs = 1_000;

/** JSON lines on standard output. */
export function createLog(service: string, level: LogLevel): ProcessLog {
  const output = blocks();
  const log = pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.err },
    },
    output,
  );
  return Object.assign(log, { flush: output.flush });
}

/** Standard output in blocks. Nothing ticks while nothing is said: a timer of pino's own would wake an idle process. */
function blocks(): { write(line: string): void; flush(): void } {
  const destination = pino.destination({ fd: 1, sync: false, minLength: blockBytes });
  let isDue = false;
  const flush = (): void => {
    isDue = false;
    destination.flush();
  };
  const write = (line: string): void => {
    destination.write(line);
    if (isDue) return;
    isDue = true;
    systemClock.after(longestWaitMs, flush);
  };
  return { write, flush: () => destination.flushSync() };
}

/** Says nothing. For tests. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
