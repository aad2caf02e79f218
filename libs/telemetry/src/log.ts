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

/** A line waits at most this long before it is written; a write for each would cost more than many a task. */
const flushEveryMs = 1_000;

/** JSON lines on standard output. */
export function createLog(service: string, level: LogLevel): ProcessLog {
  const destination = pino.destination({ fd: 1, sync: false, minLength: 8_192, periodicFlush: flushEveryMs });
  const log = pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.err },
    },
    destination,
  );
  return Object.assign(log, { flush: () => destination.flushSync() });
}

/** Says nothing. For tests. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
