import type { Canvas, StepId } from '@millrace/canvas';
import type { ArtifactRef, DeliveryAttempt, IngestionTerms, StepError } from '@millrace/contracts';

/**
 * Only ever moves forward, in this order, but for a delivery that is replayed; `finished` (a run without a callback) and
 * `cancelled` may follow the first two.
 */
export type RunStatus = 'received' | 'running' | 'finalizing' | 'delivering' | 'delivered' | 'exhausted' | 'endpoint-disabled' | 'finished' | 'cancelled';

export const terminalStatuses: ReadonlySet<RunStatus> = new Set(['delivered', 'exhausted', 'endpoint-disabled', 'finished', 'cancelled']);

/** What a run is begun with; never changes. Times in milliseconds since the epoch. */
export interface RunHead {
  readonly id: string;
  readonly tenant: string;
  /** Compiled the same way by everybody who reads it, so the plan itself is not stored. */
  readonly canvas: Canvas;
  /** The raw data that an ingestion brought. */
  readonly raw?: ArtifactRef;
  readonly callback?: { readonly url: string };
  /** What the sender of an ingestion asked for beside the work itself. */
  readonly terms?: IngestionTerms;
  readonly createdAt: number;
  /** From here on the outcome is frozen with what is there. */
  readonly finaliseAt: number;
  readonly deadlineAt: number;
  /** How long to keep the record once the run is over, in milliseconds; the store's own setting if absent. */
  readonly retentionMs?: number;
}

/** A step's result: small ones in the record, others in the blob store. */
export type StepResult = { readonly inline: unknown } | { readonly ref: ArtifactRef };

/** How a step was settled; written once. */
export type StepSettlement =
  | { readonly status: 'succeeded'; readonly result: StepResult; readonly timing: StepTiming }
  | { readonly status: 'failed'; readonly error: StepError; readonly timing: StepTiming }
  | { readonly status: 'replaced'; readonly canvas: Canvas; readonly timing: StepTiming }
  /** Of a branch: the name of the case it took; null for `otherwise`. */
  | { readonly status: 'chosen'; readonly case: string | null; readonly timing: StepTiming }
  /** Of a join with a quorum or a deadline: the steps that count, settled as they were then; all others are `rest`. */
  | { readonly status: 'joined'; readonly counted: readonly StepId[]; readonly rest: 'late' | 'revoked'; readonly timing: StepTiming };

/** Milliseconds since the epoch, and the handler's share in milliseconds. */
export interface StepTiming {
  readonly claimedAt: number;
  readonly settledAt: number;
  readonly handlerMs: number;
}

export interface StepRecord {
  /** How often a worker began it. */
  readonly claims: number;
  /** Tries that ended in a retryable error. */
  readonly failures: number;
  /** Tries that their handler put off to later; absent if there were none. */
  readonly snoozes?: number;
  readonly settlement?: StepSettlement;
}

/** A step that nothing was done with yet. */
export const untouchedStep: StepRecord = Object.freeze({ claims: 0, failures: 0 });

/** Claims that came neither to a failure nor to a snooze: the one that settled the step or is at work, and those that were cut short. */
export const openClaims = ({ claims, failures, snoozes = 0 }: StepRecord): number => claims - failures - snoozes;

/** That the outcome is frozen: it is made of the steps that were settled by then. */
export interface FinalRecord {
  readonly frozenAt: number;
  /** Why a run was cancelled, if it was and somebody said. */
  readonly reason?: string;
}

export interface DeliveryRecord {
  /** SHA-256 of the body's bytes, lower-case hex. */
  readonly bodySha256: string;
  /** Attempts begun. */
  readonly attempts: number;
  /** Until when the attempt that was begun last owns the delivery; 0 once it has ended. */
  readonly leaseUntil: number;
  readonly nextAt?: number;
  /** How many attempts had been begun when the delivery was last replayed; absent if it never was. */
  readonly replayedAfter?: number;
  /** The last ten attempts that have ended, oldest first. */
  readonly log: readonly DeliveryAttempt[];
}

export interface RunRecord extends RunHead {
  readonly status: RunStatus;
  /** Grows by one with every transition. */
  readonly rev: number;
  /** Grows with every sweep. */
  readonly epoch: number;
  /** When the sweeper looks at the run next; absent once the status is terminal. */
  readonly sweepAt?: number;
  readonly steps: Readonly<Record<StepId, StepRecord>>;
  readonly final?: FinalRecord;
  readonly delivery?: DeliveryRecord;
}
