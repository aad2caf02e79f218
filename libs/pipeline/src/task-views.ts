import { planStep, type Run, type StepId } from '@millrace/canvas';
import type { TaskView } from '@millrace/contracts';
import { openClaims, type RunRecord, untouchedStep } from '@millrace/run-store';

/** Every task of a run as the outside sees it. Once the outcome is frozen, what was still open is late. */
export function taskViews(record: RunRecord, run: Run): readonly TaskView[] {
  const frozen = record.final !== undefined;
  return [...run.steps.keys()].flatMap((step) => {
    const task = planStep(run, step)?.signature.task;
    if (task === undefined) return [];
    const there = record.steps[step] ?? untouchedStep;
    const { failures, claims, settlement } = there;
    const attempts = failures + (settlement || openClaims(there) > 0 ? 1 : 0);
    const view = { step, task, status: statusOf(run, step, { frozen, claimed: claims > 0 }), attempts };
    return [settlement?.status === 'failed' ? { ...view, error: settlement.error } : view];
  });
}

function statusOf(run: Run, step: StepId, { frozen, claimed }: { frozen: boolean; claimed: boolean }): TaskView['status'] {
  const status = run.steps.get(step)?.status ?? 'waiting';
  switch (status) {
    case 'succeeded':
    case 'skipped':
    case 'late':
    case 'revoked':
      return status;
    case 'failed':
    case 'replaced':
      return wasReplaced(run, step) ? 'succeeded' : 'failed';
    default:
      if (frozen) return 'late';
      return status === 'ready' && claimed ? 'running' : status;
  }
}

/** A task that gave way to a canvas did its own part; what became of the canvas is told by the canvas's tasks. */
const wasReplaced = (run: Run, step: StepId): boolean => run.plans.some((plan) => plan.replaces === step);
