import { planStep, type Run } from '@millrace/canvas';
import type { BudgetReport } from '@millrace/contracts';
import { readyAt } from '@millrace/engine';
import type { RunRecord } from '@millrace/run-store';

/** Where the time of a run went, read off its record. */
export function budgetReport(record: RunRecord, run: Run): BudgetReport {
  const steps = Object.entries(record.steps).flatMap(([step, { settlement }]) => {
    const task = planStep(run, step)?.signature.task;
    if (!settlement || task === undefined) return [];
    const { claimedAt, settledAt, handlerMs } = settlement.timing;
    const ready = readyAt(record, run, step);
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
