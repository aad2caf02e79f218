import { type Clock, sleep } from '@millrace/kernel';
import type { RunRecord, RunStore, WatchScope } from '@millrace/run-store';

/** Looks anyway after so long, in milliseconds: what is told of a change may be lost. */
export const lookMs = 5_000;

export interface FollowOptions {
  readonly scope: WatchScope;
  /** Looks anyway after so long without news, in milliseconds. */
  readonly lookMs: number;
  readonly signal: AbortSignal;
}

interface FollowDeps {
  readonly runs: Pick<RunStore, 'read' | 'watch'>;
  readonly clock: Clock;
}

/** The record of a run as it stands, again after each change, and at the latest after `lookMs`. Ends with the signal, or with the record. */
export async function* follow(id: string, { scope, lookMs, signal }: FollowOptions, { runs, clock }: FollowDeps): AsyncGenerator<RunRecord> {
  let wake = new AbortController();
  const stop = await runs.watch(id, () => wake.abort(), scope);
  try {
    while (!signal.aborted) {
      wake = new AbortController();
      const record = await runs.read(id);
      if (!record) return;
      yield record;
      await sleep(clock, lookMs, AbortSignal.any([wake.signal, signal]));
    }
  } finally {
    await stop();
  }
}

/** Nothing of what was to be done can change any more. */
export const isSettled = (record: RunRecord): boolean => record.final !== undefined;
