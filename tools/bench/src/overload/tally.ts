import type { Outcome } from '../ingester.js';
import { type Percentiles, percentiles } from '../percentiles.js';

/** What became of a load, with times in milliseconds from the POST to the callback. */
export interface Tally {
  readonly sent: number;
  readonly accepted: number;
  /** Refusals by status: 429, 503, or what else was said. */
  readonly refused: Readonly<Record<string, number>>;
  /** Accepted, and completed with the callback here within the budget. */
  readonly inTime: number;
  readonly latencyMs: (Percentiles & { readonly p95: number }) | undefined;
}

const budgetMs = 10_000;

export function tallyOf(outcomes: readonly Outcome[]): Tally {
  const refused: Record<string, number> = {};
  for (const { status, reason = '' } of outcomes) {
    if (status !== 'refused') continue;
    const kind = /^\d{3} /.exec(reason)?.[0].trim() ?? reason;
    refused[kind] = (refused[kind] ?? 0) + 1;
  }
  const accepted = outcomes.filter(({ status }) => status !== 'refused');
  const took = accepted.flatMap(({ status, begunAt, endedAt }) => (status === 'completed' && endedAt !== undefined ? [endedAt - begunAt] : []));
  return { sent: outcomes.length, accepted: accepted.length, refused, inTime: took.filter((ms) => ms <= budgetMs).length, latencyMs: latencyOf(took) };
}

function latencyOf(took: readonly number[]): Tally['latencyMs'] {
  const found = percentiles(took);
  const sorted = took.toSorted((a, b) => a - b);
  return found && { ...found, p95: sorted[Math.ceil(0.95 * sorted.length) - 1] ?? found.max };
}
