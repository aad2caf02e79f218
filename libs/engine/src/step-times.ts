import { began, joinsWithDeadlines, planStep, type Run, type StepId } from '@millrace/canvas';
import type { RunRecord } from '@millrace/run-store';

/** When a step may begin and until when, in milliseconds since the epoch; absent where nothing was said. */
export interface StepTimes {
  readonly notBefore?: number;
  readonly expiresAt?: number;
}

/** Read off the record, so that whoever asks and whenever gets the same. `options`: of a shard's member, the member's own. */
export function stepTimes(record: RunRecord, run: Run, step: StepId, options = planStep(run, step)?.signature.options): StepTimes {
  const { countdownMs, eta, expiresMs } = options ?? {};
  if (countdownMs === undefined && eta === undefined && expiresMs === undefined) return {};
  const ready = readyAt(record, run, step);
  const notBefore = eta ?? (countdownMs === undefined ? undefined : ready + countdownMs);
  return {
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(expiresMs === undefined ? {} : { expiresAt: (notBefore ?? ready) + expiresMs }),
  };
}

/** When a step that is ready became so, in milliseconds since the epoch: what it waited for was settled then. */
export const readyAt = (record: RunRecord, run: Run, step: StepId): number => latestSettlement(record, began(run, step));

/** Open joins whose deadline is known, and when that is. */
export function joinDeadlines(record: RunRecord, run: Run): ReadonlyArray<{ readonly step: StepId; readonly at: number }> {
  return joinsWithDeadlines(run).map(({ step, deadlineMs, after }) => ({ step, at: latestSettlement(record, after) + deadlineMs }));
}

/** When the last of `steps` was settled; without any, when the run was created. */
function latestSettlement(record: RunRecord, steps: readonly StepId[]): number {
  return steps.reduce((latest, step) => Math.max(latest, record.steps[step]?.settlement?.timing.settledAt ?? 0), record.createdAt);
}
