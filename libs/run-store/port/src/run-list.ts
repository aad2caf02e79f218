import type { RunRecord } from './run-record.js';

/** A place in the list of a tenant's runs: that of the run with this id and time. */
export interface RunPosition {
  readonly createdAt: number;
  readonly id: string;
}

/** Which of a tenant's runs to list. Times in milliseconds since the epoch. */
export interface ListRuns {
  /** At most this many, 1 to 100. */
  readonly limit: number;
  /** Created then or later. */
  readonly since?: number;
  /** Created before then. */
  readonly until?: number;
  /** Only what comes after this place: the `next` of the page before. */
  readonly after?: RunPosition;
}

export interface RunPage {
  readonly runs: readonly RunRecord[];
  /** Where to go on; absent when there is nothing more. A page may be short, or empty, although there is more. */
  readonly next?: RunPosition;
}

/** The order of the list: newest first; of one millisecond, the greatest id first. */
export const inListOrder = (a: RunPosition, b: RunPosition): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

/**
 * The first `limit` of what comes after a place, out of `newest`, which gives some more of an index with each call, newest
 * first, and nothing once it is through. In between, what is of one millisecond may come in any order.
 */
export async function takeNewest({ limit, after }: ListRuns, newest: () => Promise<readonly RunPosition[]>): Promise<RunPosition[]> {
  const found: RunPosition[] = [];
  for (;;) {
    const more = await newest();
    found.push(...more.filter((run) => !after || inListOrder(after, run) < 0));
    const last = more.at(-1);
    const enough = found.sort(inListOrder)[limit - 1];
    if (!last || (enough && last.createdAt < enough.createdAt)) return found.slice(0, limit);
  }
}
