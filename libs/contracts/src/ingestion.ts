import { z } from 'zod';
import { metadata } from './ingestion-options.js';
import { stepError } from './step-error.js';

const milliseconds = z.number();
const time = z.iso.datetime();

export const ingestionStatus = z.enum(['accepted', 'running', 'completed', 'partial', 'failed', 'cancelled']);
export type IngestionStatus = z.infer<typeof ingestionStatus>;

/** One task of a run as the outside sees it. */
export const taskView = z
  .strictObject({
    step: z.string(),
    task: z.string(),
    status: z.enum(['waiting', 'ready', 'running', 'succeeded', 'failed', 'skipped', 'late', 'revoked']),
    attempts: z.int().nonnegative(),
    error: stepError.exactOptional(),
  })
  .readonly();
export type TaskView = z.infer<typeof taskView>;

/** Where the time went, in milliseconds from ingestion. */
export const budgetReport = z
  .strictObject({
    budgetMs: milliseconds,
    usedMs: milliseconds.describe('From ingestion until the outcome was frozen'),
    steps: z
      .array(
        z
          .strictObject({
            step: z.string(),
            task: z.string(),
            readyMs: milliseconds.describe('When the step could have started'),
            queueMs: milliseconds.describe('Waiting for a worker'),
            runMs: milliseconds.describe('In the handler'),
            overheadMs: milliseconds.describe('Reading inputs and recording the result'),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
export type BudgetReport = z.infer<typeof budgetReport>;

/** One attempt to deliver a callback. */
export const deliveryAttempt = z
  .strictObject({
    at: z.number().describe('When it began, in milliseconds since 1970'),
    status: z.int().exactOptional().describe('Of the answer, if there was one'),
    error: z.string().exactOptional().describe('Why there was none'),
    answer: z.string().exactOptional().describe('How the body of an answer that is not 2xx begins, at most 256 characters'),
    ms: milliseconds,
  })
  .readonly();
export type DeliveryAttempt = z.infer<typeof deliveryAttempt>;

/** How the delivery of a callback stands. */
export const callbackView = z
  .strictObject({
    url: z.string(),
    status: z.enum(['pending', 'delivering', 'delivered', 'exhausted', 'disabled', 'cancelled']),
    attempts: z.array(deliveryAttempt).readonly().describe('The last ten, oldest first'),
    nextAttemptAt: time.exactOptional(),
  })
  .readonly();
export type CallbackView = z.infer<typeof callbackView>;

/** The body of a callback. The same bytes on every attempt. */
export const callbackEvent = z
  .strictObject({
    type: z.enum(['ingestion.completed', 'ingestion.partial', 'ingestion.failed']),
    timestamp: time.describe('When the outcome was frozen'),
    data: z
      .strictObject({
        ingestionId: z.string(),
        status: z.enum(['completed', 'partial', 'failed']),
        tasks: z.array(taskView).readonly(),
        insights: z.record(z.string(), z.unknown()).readonly().describe('Results of the analyses, by task name'),
        datasets: z.record(z.string(), z.unknown()).readonly().describe('Reports of the dataset tasks, by task name'),
        budget: budgetReport,
        metadata: metadata.exactOptional().describe('As it was given'),
        resultUrl: z.string().exactOptional().describe('Where to read insights and datasets when they are too large to be inline'),
        resultSha256: z.string().exactOptional().describe('SHA-256 of the bytes at resultUrl, in hex'),
      })
      .readonly(),
  })
  .readonly();
export type CallbackEvent = z.infer<typeof callbackEvent>;

/** The answer to POST /v1/ingestions. */
export const accepted = z
  .strictObject({
    id: z.string(),
    status: z.literal('accepted'),
    deadlineAt: time.exactOptional().describe('When the callback is due; absent without a deadline'),
  })
  .readonly();
export type Accepted = z.infer<typeof accepted>;

const summary = {
  id: z.string(),
  status: ingestionStatus,
  createdAt: time,
  deadlineAt: time.exactOptional(),
  metadata: metadata.exactOptional(),
};

/** An ingestion in GET /v1/ingestions. */
export const ingestionSummary = z.strictObject(summary).readonly();
export type IngestionSummary = z.infer<typeof ingestionSummary>;

/** GET /v1/ingestions/{id}. */
export const ingestionView = z
  .strictObject({
    ...summary,
    tasks: z.array(taskView).readonly(),
    callback: callbackView.exactOptional(),
    outcome: callbackEvent.exactOptional().describe('The body of the callback with all results inline, once the outcome is frozen'),
  })
  .readonly();
export type IngestionView = z.infer<typeof ingestionView>;

/** GET /v1/ingestions. */
export const ingestionList = z
  .strictObject({
    ingestions: z.array(ingestionSummary).readonly().describe('Newest first; a page may be short although there is more'),
    cursor: z.string().exactOptional().describe('Gives the next page; absent on the last'),
  })
  .readonly();
export type IngestionList = z.infer<typeof ingestionList>;

/** Which ingestions to list. */
export const listQuery = z.strictObject({
  limit: z.int().min(1).max(100).optional().describe('At most so many; default 20'),
  cursor: z.string().max(200).optional().describe('That of the page before'),
  status: ingestionStatus.optional(),
  since: z.iso.datetime({ offset: true }).optional().describe('Created then or later'),
  until: z.iso.datetime({ offset: true }).optional().describe('Created before then'),
});
export type ListQuery = z.infer<typeof listQuery>;

/** What GET /v1/ingestions/{id}/events tells, as server-sent events named after `type`. States, not changes: one may be told twice. */
export const ingestionEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('task'), task: taskView }).readonly(),
  z.strictObject({ type: z.literal('status'), status: ingestionStatus }).readonly(),
  z.strictObject({ type: z.literal('end'), status: ingestionStatus }).readonly(),
]);
export type IngestionEvent = z.infer<typeof ingestionEvent>;
