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
 * task. `completed`: every task succeeded. `partial`: some are late or failed. `failed`: nothing came of it at all, or some
 * are late or failed and the ingestion's terms do not allow that.
 */
export function composeOutcome(record: RunRecord, results: Results, link?: { readonly url: string; readonly sha256: string }): CallbackEvent {
  const run = progressOf(record);
  const { insights, datasets } = collect(run, results);
  const status = outcomeStatus(record);
  const metadata = record.terms?.metadata;
  return {
    type: `ingestion.${status}`,
    timestamp: new Date(record.final?.frozenAt ?? record.deadlineAt).toISOString(),
    data: {
      ingestionId: record.id,
      status,
      tasks: taskViews(record, run),
      insights: link ? {} : insights,
      datasets: link ? {} : datasets,
      budget: budgetReport(record, run),
      ...(metadata === undefined ? {} : { metadata }),
      ...(link ? { resultUrl: link.url, resultSha256: link.sha256 } : {}),
    },
  };
}

/** What the outside is told before and after the outcome is frozen; needs no results. */
export function ingestionStatus(record: RunRecord): IngestionStatus {
  if (record.status === 'cancelled') return 'cancelled';
  if (record.final) return outcomeStatus(record);
  return record.status === 'received' ? 'accepted' : 'running';
}

function outcomeStatus(record: RunRecord): CallbackEvent['data']['status'] {
  const run = progressOf(record);
  const isProduced = Object.entries(record.steps).some(([step, { settlement }]) => settlement?.status === 'succeeded' && productOf(run, step));
  if (!isProduced) return 'failed';
  if ([...run.steps.values()].every((state) => isAsMeant(state))) return 'completed';
  return record.terms?.failure === 'all' ? 'failed' : 'partial';
}

/** The dataset or analysis task of a step, if it is one of those. */
function productOf(run: Run, step: string): string | undefined {
  const task = planStep(run, step)?.signature.task;
  return task === undefined || orchestration.has(task) ? undefined : task;
}

/** What a reached quorum had no need of, and a handler of an error that did not happen, are as they were meant to be. */
const isAsMeant = (state: StepState): boolean =>
  state.status === 'succeeded' || state.status === 'revoked' || (state.status === 'skipped' && state.cause === undefined);

function collect(run: Run, results: Results): { insights: Record<string, unknown>; datasets: Record<string, unknown> } {
  const insights: Record<string, unknown> = {};
  const datasets: Record<string, unknown> = {};
  for (const [step, value] of results) {
    const task = productOf(run, step);
    if (task === undefined) continue;
    if (task.endsWith('.dataset')) datasets[task] = reportOf(value);
    else insights[task] = value;
  }
  return { insights, datasets };
}

const orchestration: ReadonlySet<string> = new Set(orchestrationTasks);

const reportOf = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'report' in value ? value.report : null);
