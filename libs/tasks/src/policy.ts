import type { Random } from '@millrace/kernel';

/** How a task is tried. All times in milliseconds. */
export interface TaskPolicy {
  /** Tries in all, counted from 1. */
  readonly maxAttempts: number;
  /** The first delay before a retry; doubles each time, full jitter. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** After this long the handler's signal aborts. */
  readonly softLimitMs: number;
}

export const defaultPolicy: TaskPolicy = { maxAttempts: 3, backoffMs: 100, maxBackoffMs: 2_000, softLimitMs: 60_000 };

/**
 * The wait before try `attempt + 1`: uniform in [0, min(max, base · 2^(attempt−1))], "full jitter".
 * See https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
 */
export function backoffMs(policy: TaskPolicy, attempt: number, random: Random): number {
  return random.next() * Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** (attempt - 1));
}
