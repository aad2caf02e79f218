import { type LatchId, type Plan, planStep, type Run, type StepId } from '@millrace/canvas';
import type { BudgetReport } from '@millrace/contracts';
import type { RunRecord } from '@millrace/run-store';

/** Where the time of a run went, read off its record. */
export function budgetReport(record: RunRecord, run: Run): BudgetReport {
  const readyAt = readyTimes(record, run);
  const steps = Object.entries(record.steps).flatMap(([step, { settlement }]) => {
    const task = planStep(run, step)?.signature.task;
    if (!settlement || task === undefined) return [];
    const { claimedAt, settledAt, handlerMs } = settlement.timing;
    const ready = readyAt(step);
    return [
      {
        step,
        task,
        readyMs: ready - record.createdAt,
        queueMs: Math.max(0, claimedAt - ready),
        runMs: handlerMs,
        overheadMs: Math.max(0, Math.round((settledAt - claimedAt - handlerMs) * 100) / 100),
      },
    ];
  });
  steps.sort((a, b) => a.readyMs - b.readyMs || a.step.localeCompare(b.step));
  return { budgetMs: record.deadlineAt - record.createdAt, usedMs: (record.final?.frozenAt ?? record.deadlineAt) - record.createdAt, steps };
}

/** When a step could begin: when the last of those it waits for was settled, or with its plan. */
function readyTimes(record: RunRecord, run: Run): (step: StepId) => number {
  const decidedAt = (step: StepId): number => {
    const join = run.plans.find((plan) => plan.joins.has(step));
    if (join) return completedAt(join, latchSettling(join, step));
    const replacement = run.plans.find((plan) => plan.replaces === step);
    if (replacement) return Math.max(settledAt(step), completedAt(replacement, latchSettling(replacement, step)));
    return settledAt(step);
  };
  const settledAt = (step: StepId): number => record.steps[step]?.settlement?.timing.settledAt ?? record.createdAt;
  const completedAt = (plan: Plan, latch: LatchId | undefined): number =>
    Math.max(record.createdAt, ...(plan.latches.get(latch ?? '')?.waits ?? []).map(decidedAt));

  return (step) => {
    const plan = run.plans.find((candidate) => candidate.steps.has(step));
    if (!plan) return record.createdAt;
    for (const latch of plan.latches.values()) if (latch.releases.includes(step)) return completedAt(plan, latch.id);
    return plan.replaces === undefined ? record.createdAt : settledAt(plan.replaces);
  };
}

function latchSettling(plan: Plan, step: StepId): LatchId | undefined {
  for (const latch of plan.latches.values()) if (latch.settles === step) return latch.id;
  return undefined;
}
