import { planStep, type Run, type StepState } from '@millrace/canvas';
import type { CallbackEvent, IngestionStatus } from '@millrace/contracts';
import { progressOf } from '@millrace/engine';
import type { RunRecord } from '@millrace/run-store';
import { budgetReport } from './budget-report.js';
import { orchestrationTasks } from './ingestion.pipeline.js';
import { taskViews } from './task-views.js';

type Results = ReadonlyMap<string, unknown>;

/**
 * The callback's body, a pure function of the frozen record and its results: insights by analysis, reports by dataset
 * task. `completed`: every task succeeded. `partial`: some are late or failed. `failed`: nothing came of it at all.
 */
export function composeOutcome(record: RunRecord, results: Results, resultUrl?: string): CallbackEvent {
  const run = progressOf(record);
  const { insights, datasets } = collect(run, results);
  const status = outcomeStatus(record, Object.keys(insights).length + Object.keys(datasets).length);
  return {
    type: `ingestion.${status}`,
    timestamp: new Date(record.final?.frozenAt ?? record.deadlineAt).toISOString(),
    data: {
      ingestionId: record.id,
      status,
      tasks: taskViews(record, run),
      insights: resultUrl === undefined ? insights : {},
      datasets: resultUrl === undefined ? datasets : {},
      budget: budgetReport(record, run),
      ...(resultUrl === undefined ? {} : { resultUrl }),
    },
  };
}

/** What GET shows before and after the outcome is frozen. */
export function ingestionStatus(record: RunRecord, outcome: CallbackEvent | undefined): IngestionStatus {
  if (record.status === 'cancelled') return 'cancelled';
  if (outcome) return outcome.data.status;
  return record.status === 'received' ? 'accepted' : 'running';
}

function outcomeStatus(record: RunRecord, produced: number): CallbackEvent['data']['status'] {
  if (produced === 0) return 'failed';
  const states = [...progressOf(record).steps.values()];
  return states.every((state) => isAsMeant(state)) ? 'completed' : 'partial';
}

/** What a reached quorum had no need of, and a handler of an error that did not happen, are as they were meant to be. */
const isAsMeant = (state: StepState): boolean =>
  state.status === 'succeeded' || state.status === 'revoked' || (state.status === 'skipped' && state.cause === undefined);

function collect(run: Run, results: Results): { insights: Record<string, unknown>; datasets: Record<string, unknown> } {
  const insights: Record<string, unknown> = {};
  const datasets: Record<string, unknown> = {};
  for (const [step, value] of results) {
    const task = planStep(run, step)?.signature.task;
    if (task === undefined || orchestration.has(task)) continue;
    if (task.endsWith('.dataset')) datasets[task] = reportOf(value);
    else insights[task] = value;
  }
  return { insights, datasets };
}

const orchestration: ReadonlySet<string> = new Set(orchestrationTasks);

const reportOf = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'report' in value ? value.report : null);
