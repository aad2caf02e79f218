import { z } from 'zod';
import type { StepError } from './step-error.js';

/** Options of POST /v1/ingestions, given in the query string. */
export const ingestionOptions = z.strictObject({
  /** Where to POST the outcome; without one, poll GET /v1/ingestions/{id}. */
  callback: z.url({ protocol: /^https?$/ }).max(2048).optional(),
  /** Restricts the run to these domains, comma separated; default: decided by content. */
  domains: z
    .string()
    .max(512)
    .transform((list) => list.split(',').map((name) => name.trim()))
    .pipe(z.array(z.string().regex(/^[a-z][a-z0-9-]*$/, 'a domain is lower-case letters, digits and dashes')).max(16))
    .optional(),
  /** Milliseconds from ingestion to callback. */
  budgetMs: z.coerce.number().int().min(1000).max(300_000).optional(),
  /** The name of the file, for the record. */
  filename: z.string().max(255).optional(),
});
export type IngestionOptions = z.infer<typeof ingestionOptions>;

export type IngestionStatus = 'accepted' | 'running' | 'completed' | 'partial' | 'failed' | 'cancelled';

/** One task of a run as the outside sees it. */
export interface TaskView {
  readonly step: string;
  readonly task: string;
  readonly status: 'waiting' | 'ready' | 'running' | 'succeeded' | 'failed' | 'skipped' | 'late' | 'revoked';
  readonly attempts: number;
  readonly error?: StepError;
}

/** Where the time went, in milliseconds from ingestion. */
export interface BudgetReport {
  readonly budgetMs: number;
  /** From ingestion until the outcome was frozen. */
  readonly usedMs: number;
  readonly steps: ReadonlyArray<{
    readonly step: string;
    readonly task: string;
    /** When the step could have started. */
    readonly readyMs: number;
    /** Waiting for a worker. */
    readonly queueMs: number;
    /** In the handler. */
    readonly runMs: number;
    /** Reading inputs and recording the result. */
    readonly overheadMs: number;
  }>;
}

/** One attempt to deliver a callback. */
export interface DeliveryAttempt {
  readonly at: number;
  readonly status?: number;
  readonly error?: string;
  readonly ms: number;
}

/** GET /v1/ingestions/{id}. */
export interface IngestionView {
  readonly id: string;
  readonly status: IngestionStatus;
  readonly createdAt: string;
  readonly deadlineAt: string;
  readonly tasks: readonly TaskView[];
  readonly callback?: {
    readonly url: string;
    readonly status: 'pending' | 'delivering' | 'delivered' | 'exhausted' | 'disabled';
    readonly attempts: readonly DeliveryAttempt[];
    readonly nextAttemptAt?: string;
  };
  /** The callback's body, once the outcome is frozen. */
  readonly outcome?: CallbackEvent;
}

/** The body of a callback. The same bytes on every attempt. */
export interface CallbackEvent {
  readonly type: 'ingestion.completed' | 'ingestion.partial' | 'ingestion.failed';
  /** When the outcome was frozen, RFC 3339. */
  readonly timestamp: string;
  readonly data: {
    readonly ingestionId: string;
    readonly status: 'completed' | 'partial' | 'failed';
    readonly tasks: readonly TaskView[];
    /** Results of the analyses, by task name. */
    readonly insights: Readonly<Record<string, unknown>>;
    /** Reports of the dataset tasks, by task name. */
    readonly datasets: Readonly<Record<string, unknown>>;
    readonly budget: BudgetReport;
    /** Where to read `insights` and `datasets` when they are too large to be inline. */
    readonly resultUrl?: string;
  };
}
