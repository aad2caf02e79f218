import type { RunRecord } from '@millrace/run-store';
import type { EngineSettings } from './settings.js';

/** When to look at a run again, if nothing happens until then. Never past the time at which its outcome is frozen. */
export function nextSweep(run: Pick<RunRecord, 'finaliseAt'>, now: number, settings: EngineSettings): number {
  return Math.min(now + settings.sweepAfterMs, Math.max(run.finaliseAt, now));
}

/** After a sweep that found the run due: twice as long each time, up to the limit. */
export function sweepAgain(run: RunRecord, now: number, settings: EngineSettings): number {
  const wait = Math.min(settings.maxSweepAfterMs, settings.sweepAfterMs * 2 ** Math.min(run.epoch + 1, 16));
  const open = run.status === 'received' || run.status === 'running';
  return open && run.finaliseAt > now ? Math.min(now + wait, run.finaliseAt) : now + wait;
}
