import type { Random } from '@millrace/kernel';
import type { ModelDefinition } from '@millrace/models';
import type { Rate } from './rate.js';

/** An error's code, its `name`, or its class. */
export type ErrorMatch = string | (abstract new (...args: never[]) => Error);

/** For tasks whose result depends on their arguments, and what these refer to, alone. See docs/result-cache.md. */
export interface CachePolicy {
  /** Of what the task does: another one whenever it gives another result for the same arguments. */
  readonly version: string;
  /** How long a result is kept. */
  readonly ttlMs: number;
  /** The models it uses: with another version of one of them loaded, it is worked out anew. */
  readonly models?: readonly ModelDefinition[];
}

/** How a task is tried. All times in milliseconds. */
export interface TaskPolicy {
  /** Tries in all, counted from 1. */
  readonly maxAttempts: number;
  /** The first delay before a retry; doubles each time, full jitter. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** Errors that another try may get past, whatever they say of themselves; with these, what carries no code is final. */
  readonly retryOn?: readonly ErrorMatch[];
  /** Errors that no other try gets past; they win over `retryOn`. */
  readonly failOn?: readonly ErrorMatch[];
  /** How often the task may be begun, over all workers: `parseRate('10/m')`. A step that follows on another's delivery waits for its turn; a retry need not. */
  readonly rateLimit?: Rate;
  /** After this long the handler's signal aborts. Without a hard limit the try is given up there. */
  readonly softLimitMs: number;
  /**
   * After this long the try is over whatever its handler does; between the limits it can clean up, and what it then comes
   * to counts. A pool that can kill does so. A pool of children without it ends a handler that ignores its signal after 10 s.
   */
  readonly hardLimitMs?: number | undefined;
  /** Gives a result again that was worked out before, instead of calling the handler. */
  readonly cache?: CachePolicy;
}

export const defaultPolicy: TaskPolicy = { maxAttempts: 3, backoffMs: 100, maxBackoffMs: 2_000, softLimitMs: 60_000 };

/**
 * The wait before try `attempt + 1`: uniform in [0, min(max, base · 2^(attempt−1))], "full jitter".
 * See https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
 */
export function backoffMs(policy: TaskPolicy, attempt: number, random: Random): number {
  return random.next() * Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** (attempt - 1));
}
