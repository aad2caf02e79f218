import type { Canvas } from '@millrace/canvas';

/** What a client wants to have ingested. */
export interface Ingestion {
  readonly key: string;
  /** The run's id when the client names it; retries then use the same. */
  readonly id?: string;
  readonly canvas: Canvas;
  readonly payload: string;
  readonly callbackUrl?: string;
  readonly budgetMs: number;
  /** Cancelled this long after it was acknowledged. */
  readonly cancelAfterMs?: number;
}
