import type { CallbackEvent, IngestionView } from '@millrace/contracts';
import { progressOf, type StepResults } from '@millrace/engine';
import { composeOutcome, ingestionStatus, taskViews } from '@millrace/pipeline';
import type { RunRecord } from '@millrace/run-store';

/** What GET tells of a run, with all results inline once the outcome is frozen. */
export async function viewOf(record: RunRecord, results: StepResults): Promise<IngestionView> {
  const run = progressOf(record);
  const outcome: CallbackEvent | undefined = record.final ? composeOutcome(record, await results.all(record, run)) : undefined;
  return {
    id: record.id,
    status: ingestionStatus(record, outcome),
    createdAt: new Date(record.createdAt).toISOString(),
    deadlineAt: new Date(record.deadlineAt).toISOString(),
    tasks: taskViews(record, run),
    ...(record.callback ? { callback: callbackOf(record, record.callback.url) } : {}),
    ...(outcome ? { outcome } : {}),
  };
}

function callbackOf(record: RunRecord, url: string): NonNullable<IngestionView['callback']> {
  const { delivery, status } = record;
  const nextAt = delivery?.nextAt;
  return {
    url,
    status: status === 'delivered' || status === 'exhausted' || status === 'delivering' ? status : status === 'endpoint-disabled' ? 'disabled' : 'pending',
    attempts: delivery?.log ?? [],
    ...(nextAt === undefined ? {} : { nextAttemptAt: new Date(nextAt).toISOString() }),
  };
}
