import type { StepId } from '@millrace/canvas';
import type { DeliveryAttempt } from '@millrace/contracts';
import type { ListRuns, RunPage } from './run-list.js';
import type { FinalRecord, RunHead, RunRecord, RunStatus, StepRecord, StepSettlement } from './run-record.js';

/**
 * What a conditional update came to: whether it was made, and the record as it stands now. Transitions that others made at
 * the same time may be in the record already, so `rev` may have grown by more than one; those who made them may all be
 * given the very same record.
 */
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

/** What whoever watches a run is told of: every transition, or its end alone. */
export type WatchScope = 'all' | 'end';

export interface CreateOptions {
  /** That somebody is going to watch the run, to the end: `watch` with that scope then costs less. */
  readonly watched?: 'end';
}

/** What is done along with a settlement, in the same update and only if it applies: one of the two, or nothing. */
export interface SettleThen {
  /** Claims the step that is to follow on the same delivery, another one, unless that is settled. */
  readonly claim?: StepId;
  /** Ends a run without a callback: → finished. The run leaves the sweep, whatever `sweepAt` says. */
  readonly finish?: FinalRecord;
  /** The record's `rev` that the end was read off: `finish` is not done to an older one, as after a failover of the store. */
  readonly knownRev?: number;
}

/**
 * Some members of a wide group's shard, or none, each named once; `step` is the shard, members are counted from 0 within
 * it. `sweepAt` as in `StepAt`.
 */
export interface MembersAt {
  readonly step: StepId;
  readonly members: readonly number[];
  readonly sweepAt: number;
}

/** What an update of members came to. */
export interface MembersTransition {
  readonly status: RunStatus;
  /** Whether the run was received or running and the shard open; if not, nothing was changed. */
  readonly applied: boolean;
  /**
   * All members asked for, as they stand now; of one that nothing was done with yet, no claims and no failures. A member
   * that was settled before is left as it was.
   */
  readonly members: ReadonlyMap<number, StepRecord>;
  /** How many members of the shard are settled now. */
  readonly settled: number;
}

/**
 * What becomes of one member: its settlement, or `failed-try`, which counts a try that ended in a retryable error, or
 * `snoozed-try`, which counts one that its handler put off.
 */
export type MemberChange = StepSettlement | 'failed-try' | 'snoozed-try';

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
  create(head: RunHead, sweepAt: number, options?: CreateOptions): Promise<Transition>;

  read(id: string): Promise<RunRecord | undefined>;

  /** While the run is received or running and the step not settled: counts a claim, moves the run to `running`. */
  claim(id: string, at: StepAt): Promise<Transition | undefined>;

  /**
   * While the run is running and the step not settled: settles it. At most one settlement per step ever applies. `then` is
   * done in the same update and counts as part of the one transition.
   */
  settle(id: string, at: StepAt, settlement: StepSettlement, then?: SettleThen): Promise<Transition | undefined>;

  /** While the run is running and the step not settled: counts a try that ended in a retryable error. */
  fail(id: string, at: StepAt): Promise<Transition | undefined>;

  /** Under the same conditions: counts a try that its handler put off to later. */
  snooze(id: string, at: StepAt): Promise<Transition | undefined>;

  /**
   * While the run is received or running and the shard not settled: counts a claim of each member that is not settled, moves
   * the run to `running` and sets its next sweep. Members lie beside the record, so `rev` stays, and the cost is theirs
   * alone. Two calls that are made at once count and settle as if one came after the other, but either may see the other
   * half done; the reply to the change that settles the last member tells that all are settled.
   */
  claimMembers(id: string, at: MembersAt): Promise<MembersTransition | undefined>;

  /**
   * Under the same conditions and with the same effect on the run: settles members that are not settled, or counts their
   * failed or snoozed tries. At most one settlement per member ever applies. One that is made while the run ends or the shard is
   * settled may stay or not, and counts for nothing.
   */
  changeMembers(id: string, at: Omit<MembersAt, 'members'>, changes: ReadonlyMap<number, MemberChange>): Promise<MembersTransition | undefined>;

  /** All members of a shard that were ever claimed or changed, as they stand now; none if there is no such run. */
  readMembers(id: string, step: StepId): Promise<ReadonlyMap<number, StepRecord>>;

  /**
   * While the run is not terminal: puts off the next sweep, for a handler that is at work. Never brings it nearer. No
   * transition: `rev` stays. Resolves with the run's status as it stands, also when nothing was put off.
   */
  touch(id: string, sweepAt: number): Promise<RunStatus | undefined>;

  /** Received or running → finalizing. From here on no step can be settled. */
  freeze(id: string, final: FinalRecord, sweepAt: number, knownRev?: number): Promise<Transition | undefined>;

  /** Received or running → finished. From here on no step can be settled, and the run leaves the sweep. */
  finish(id: string, final: FinalRecord, knownRev?: number): Promise<Transition | undefined>;

  /** Received or running → cancelled. From here on no step can be claimed or settled, and the run leaves the sweep. */
  cancel(id: string, final: FinalRecord): Promise<Transition | undefined>;

  /**
   * Finalizing → delivering, or delivering again when no attempt owns it at `now` (`leaseUntil` ≤ `now`) and its time has come
   * (`nextAt` ≤ `now`, if there is one): begins one more attempt, which owns it until `leaseUntil`. That is also when the
   * sweeper looks next; `nextAt` is gone.
   */
  beginDelivery(id: string, begin: { readonly now: number; readonly bodySha256: string; readonly leaseUntil: number }): Promise<Transition | undefined>;

  /**
   * While delivering, `attempt` is the attempt begun last and has not ended: logs it and ends it, also when its lease has
   * run out. With status `delivering` the sweeper looks next at `nextAt`; with a terminal status the run leaves the sweep.
   */
  endDelivery(id: string, end: DeliveryEnd): Promise<Transition | undefined>;

  /**
   * Under the conditions of `beginDelivery`: → delivering, to be tried at `nextAt`, which is also when the sweeper looks
   * next. Begins no attempt and ends none, and so counts none.
   */
  putOffDelivery(id: string, putOff: { readonly now: number; readonly bodySha256: string; readonly nextAt: number }): Promise<Transition | undefined>;

  /**
   * Delivered, exhausted or endpoint-disabled → delivering: the delivery begins anew, and its attempts are counted on. Adds
   * one to the epoch, and the run is in the sweep again.
   */
  replayDelivery(id: string, sweepAt: number): Promise<Transition | undefined>;

  /** Ids of runs with `sweepAt` ≤ `now`, the longest due first, at most `limit`. May be briefly stale. */
  due(now: number, limit: number): Promise<readonly string[]>;

  /** Runs of a tenant that were begun with raw data, in list order. Costs nothing until it is asked for, and may be briefly stale. */
  list(tenant: string, options: ListRuns): Promise<RunPage>;

  /** While the run is not terminal and its `sweepAt` ≤ `now`: adds one to the epoch and sets the next sweep. */
  sweep(id: string, at: { readonly now: number; readonly sweepAt: number }): Promise<Transition | undefined>;

  /**
   * Calls `changed` soon after a transition of the run, at least once after the last, until the returned function is
   * called; several transitions may come as one call, and calls without one may come, as after a change of members. Of
   * what happened before it resolves it tells nothing: read the record then. Of a run that does not exist it need not tell
   * anything. The returned function may be called again, and after `close`.
   *
   * With the scope `end` only the transition after which nothing of the canvas can change is told, the one out of received
   * or running; that is cheap however many steps the run has.
   */
  watch(id: string, changed: () => void, scope?: WatchScope): Promise<() => Promise<void>>;

  /** Creates tables and the like where missing; safe to call from several processes at once. */
  prepare(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
