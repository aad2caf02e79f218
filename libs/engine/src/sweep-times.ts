import type { RunRecord } from '@millrace/run-store';
import { progressOf } from './progress.js';
import type { EngineSettings } from './settings.js';
import { joinDeadlines } from './step-times.js';

/** What a run's next sweep must not be later than. */
export interface SweepLimits {
  readonly finaliseAt: number;
  readonly lookBy?: number | undefined;
}

/** When to look at a run again, if nothing happens until then. Never past the time at which its outcome is frozen. */
export function nextSweep({ finaliseAt, lookBy = Infinity }: SweepLimits, now: number, settings: EngineSettings): number {
  return Math.min(now + settings.sweepAfterMs, Math.max(Math.min(finaliseAt, lookBy), now));
}

/** As `nextSweep`, of a record: not past a join's deadline either. */
export const nextSweepOf = (record: RunRecord, now: number, settings: EngineSettings): number =>
  nextSweep({ finaliseAt: record.finaliseAt, lookBy: lookBy(record) }, now, settings);

/** After a sweep that found the run due: twice as long each time, up to the limit. */
export function sweepAgain(record: RunRecord, now: number, settings: EngineSettings): number {
  const wait = Math.min(settings.maxSweepAfterMs, settings.sweepAfterMs * 2 ** Math.min(record.epoch + 1, 16));
  const isOpen = record.status === 'received' || record.status === 'running';
  if (!isOpen || record.finaliseAt <= now) return now + wait;
  const later = lookBy(record);
  return Math.min(now + wait, record.finaliseAt, later > now ? later : Infinity);
}

/** When the first of a run's open joins has its deadline; Infinity without any. */
export function lookBy(record: RunRecord): number {
  return Math.ceil(Math.min(...joinDeadlines(record, progressOf(record)).map(({ at }) => at)));
}
