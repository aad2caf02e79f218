import type { Accepted, CallbackEvent, CallbackView, IngestionSummary, IngestionView } from '@millrace/contracts';
import { progressOf, type StepResults } from '@millrace/engine';
import { composeOutcome, ingestionStatus, taskViews } from '@millrace/pipeline';
import type { RunRecord } from '@millrace/run-store';

/** What GET tells of a run, with all results inline once the outcome is frozen. */
export async function viewOf(record: RunRecord, results: StepResults): Promise<IngestionView> {
  const outcome = await outcomeOf(record, results);
  const callback = callbackOf(record);
  return { ...summaryOf(record), tasks: taskViews(record, progressOf(record)), ...(callback ? { callback } : {}), ...(outcome ? { outcome } : {}) };
}

/** The callback's body with all results inline; undefined until the outcome is frozen, and of a cancelled run. */
async function outcomeOf(record: RunRecord, results: StepResults): Promise<CallbackEvent | undefined> {
  if (!record.final || record.status === 'cancelled') return undefined;
  return composeOutcome(record, await results.all(record, progressOf(record)));
}

export function summaryOf(record: RunRecord): IngestionSummary {
  const metadata = record.terms?.metadata;
  return {
    id: record.id,
    status: ingestionStatus(record),
    createdAt: new Date(record.createdAt).toISOString(),
    ...deadlineOf(record),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

export const acceptedOf = (record: RunRecord): Accepted => ({ id: record.id, status: 'accepted', ...deadlineOf(record) });

const deadlineOf = ({ terms, deadlineAt }: RunRecord): { readonly deadlineAt?: string } => (terms?.deadline === 'none' ? {} : { deadlineAt: new Date(deadlineAt).toISOString() });

/** Undefined of a run without a callback. */
export function callbackOf({ callback, delivery, status }: RunRecord): CallbackView | undefined {
  if (!callback) return undefined;
  const nextAt = delivery?.nextAt;
  return {
    url: callback.url,
    status: deliveryStatus[status] ?? 'pending',
    attempts: delivery?.log ?? [],
    ...(nextAt === undefined ? {} : { nextAttemptAt: new Date(nextAt).toISOString() }),
  };
}

const deliveryStatus: Readonly<Partial<Record<RunRecord['status'], CallbackView['status']>>> = {
  delivering: 'delivering',
  delivered: 'delivered',
  exhausted: 'exhausted',
  'endpoint-disabled': 'disabled',
  cancelled: 'cancelled',
};
