import type { Random } from '@millrace/kernel';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Before each attempt, since the one before: the table of Standard Webhooks 1.0.0, 75 h 35 min 5 s in all. */
const delaysMs = [0, 5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];
const jitter = 0.2;

/**
 * Milliseconds until the attempt after attempt `attempt` (from 1; 0: until the first); undefined after the last, the 10th.
 * Spread by ±20 %, or what the receiver asked for, as long as that is not before the table's time nor after the double
 * of it, at least an hour.
 */
export function nextDelay(attempt: number, random: Random, retryAfterMs?: number): number | undefined {
  const base = delaysMs[attempt];
  if (base === undefined) return undefined;
  if (retryAfterMs !== undefined) return Math.min(Math.max(retryAfterMs, base), Math.max(2 * base, hour));
  return Math.round(base * (1 - jitter + 2 * jitter * random.next()));
}
