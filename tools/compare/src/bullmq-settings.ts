import { Redis } from 'ioredis';

/** A process of this system is gone when the one that started it is. */
process.once('disconnect', () => process.exit());

/** Throws when it is not set. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new RangeError(`${name} is not set`);
  return value;
}

/** BullMQ makes the blocking connections it needs from this one. */
export const connection = new Redis(setting('COMPARE_REDIS_URL'), { maxRetriesPerRequest: null });

export const concurrency = 100;

/** A finished job leaves nothing behind. */
export const leaveNothing = { removeOnComplete: true, removeOnFail: true } as const;

/** Into the log. */
export const report = (error: Error): void => void process.stderr.write(`${error.stack}\n`);
