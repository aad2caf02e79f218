import type { RateLimit, Taken } from './document-store.js';

/**
 * A rate limit in whole microseconds, which doubles and DynamoDB's numbers both hold exactly: a bucket is a time, the
 * theoretical arrival time (TAT) of the generic cell rate algorithm, and is taken from by moving that on.
 */
export interface Cells {
  /** How far what is taken moves the TAT on. */
  readonly costMicros: number;
  /** How far the TAT may lie ahead of now. */
  readonly capacityMicros: number;
}

/** Throws a RangeError for a limit or a cost that means nothing. Rounded so that `burst` always fits in at once. */
export function cellsOf({ perSecond, burst }: RateLimit, cost: number): Cells {
  if (!(perSecond > 0 && burst > 0 && cost >= 0)) throw new RangeError(`cannot take ${cost} at ${perSecond} per second and ${burst} at once`);
  return { costMicros: Math.floor((cost * 1e6) / perSecond), capacityMicros: Math.ceil((burst * 1e6) / perSecond) };
}

/** What the caller is told. `aheadMicros` is how far the TAT lies ahead of now, after what was taken. */
export function takenOf(limit: RateLimit, cost: number, { allowed, aheadMicros }: { readonly allowed: boolean; readonly aheadMicros: number }): Taken {
  const { costMicros, capacityMicros } = cellsOf(limit, cost);
  const free = Math.max(0, capacityMicros - aheadMicros);
  return {
    allowed,
    remaining: Math.floor((free * limit.perSecond) / 1e6),
    retryAfterMs: allowed ? 0 : cost > limit.burst ? Infinity : Math.ceil((aheadMicros + costMicros - capacityMicros) / 1_000),
    fullAfterMs: Math.ceil(Math.max(0, aheadMicros) / 1_000),
  };
}
