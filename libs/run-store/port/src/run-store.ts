import type { StepId } from '@millrace/canvas';
import type { DeliveryAttempt } from '@millrace/contracts';
import type { FinalRecord, RunHead, RunRecord, RunStatus, StepSettlement } from './run-record.js';

/** What a conditional update came to: whether it was made, and the record as it stands now. */
export interface Transition {
  readonly applied: boolean;
  readonly run: RunRecord;
}

/**
 * `sweepAt` is when the sweeper is to look next, in milliseconds since the epoch. The store takes it as it is: while steps
 * are open, the caller gives none past the run's `finaliseAt`.
 */
export interface StepAt {
  readonly step: StepId;
  readonly sweepAt: number;
}

export interface DeliveryEnd {
  readonly attempt: number;
  readonly entry: DeliveryAttempt;
  readonly status: Extract<RunStatus, 'delivering' | 'delivered' | 'exhausted' | 'endpoint-disabled'>;
  /** With status `delivering`: when to try again. */
  readonly nextAt?: number;
}

/**
 * Run records, each changed only by single-record conditional updates; first writer wins. Every transition that applies
 * adds one to `rev`. A method that names a run resolves with undefined when the store has no such run, and never
 * creates one but by `create`. All reject with MILLRACE_RUN_STORE_UNAVAILABLE when the store does not answer.
 */
export interface RunStore {
  /** Put if absent, status `received`, rev 1, epoch 0. `applied` is false, and the record is the one that was there, when the id is taken. */
  create(head: RunHead, sweepAt: number): Promise<Transition>;

  read(id: string): Promise<RunRecord | undefined>;

  /** While the run is received or running and the step not settled: counts a claim, moves the run to `running`. */
  claim(id: string, at: StepAt): Promise<Transition | undefined>;

  /** While the run is running and the step not settled: settles it. At most one settlement per step ever applies. */
  settle(id: string, at: StepAt, settlement: StepSettlement): Promise<Transition | undefined>;

  /** While the run is running and the step not settled: counts a try that ended in a retryable error. */
  fail(id: string, at: StepAt): Promise<Transition | undefined>;

  /** While the run is not terminal: puts off the next sweep, for a handler that is at work. Never brings it nearer. No transition: `rev` stays. */
  touch(id: string, sweepAt: number): Promise<void>;

  /** Received or running → finalizing. From here on no step can be settled. */
  freeze(id: string, final: FinalRecord, sweepAt: number): Promise<Transition | undefined>;

  /**
   * Finalizing → delivering, or delivering again when no attempt owns it at `now` (`leaseUntil` ≤ `now`): begins one more
   * attempt, which owns it until `leaseUntil`. That is also when the sweeper looks next; `nextAt` is gone.
   */
  beginDelivery(id: string, begin: { readonly now: number; readonly bodySha256: string; readonly leaseUntil: number }): Promise<Transition | undefined>;

  /**
   * While delivering, `attempt` is the attempt begun last and has not ended: logs it and ends it, also when its lease has
   * run out. With status `delivering` the sweeper looks next at `nextAt`; with a terminal status the run leaves the sweep.
   */
  endDelivery(id: string, end: DeliveryEnd): Promise<Transition | undefined>;

  /** Ids of runs with `sweepAt` ≤ `now`, the longest due first, at most `limit`. May be briefly stale. */
  due(now: number, limit: number): Promise<readonly string[]>;

  /** While the run is not terminal and its `sweepAt` ≤ `now`: adds one to the epoch and sets the next sweep. */
  sweep(id: string, at: { readonly now: number; readonly sweepAt: number }): Promise<Transition | undefined>;

  /** Creates tables and the like where missing; safe to call from several processes at once. */
  prepare(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
