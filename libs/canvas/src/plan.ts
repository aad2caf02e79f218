import type { Canvas, FailurePolicy, Items, Signature } from './signature.js';

export type StepId = string;
export type LatchId = string;

/** Where a value comes from: a step's result, a composition of such, or nowhere (the run's first steps). */
export type Input =
  | { readonly step: StepId }
  /** The array of these values. */
  | { readonly join: readonly Input[] }
  /** A `MemberOutcome` for each. */
  | { readonly outcomes: readonly Outcome[] }
  /** These arrays as one. */
  | { readonly concat: readonly Input[] }
  /** The error that made this step, or join, fail or be skipped. */
  | { readonly errorOf: StepId }
  | null;

/** A member's value and the step whose state says what became of it; null when nothing of it runs. */
export type Outcome = { readonly value: Input; readonly by: StepId | null } | { readonly never: 'revoked' };

/** What one step calls. */
export interface Call {
  readonly signature: Signature;
  /** What is put before the signature's own arguments. */
  readonly input: Input;
  /** The task is called for each of these in turn; the result is the array of its results. */
  readonly items?: Items;
  /** Each item is an array, spread over the arguments. */
  readonly spread?: true;
}

/** One task of a plan. Its signature is the deciding one of a branch, and the first member's of a shard. */
export interface PlanStep extends Call {
  readonly id: StepId;
  /** The one latch that waits for this step. */
  readonly latch: LatchId;
  /** The nearest join around it that has a settlement of its own. */
  readonly within?: StepId;
  readonly branch?: PlanBranch;
  readonly shard?: PlanShard;
}

/** What the answer of a step chooses from. */
export interface PlanBranch {
  readonly cases: Readonly<Record<string, Canvas>>;
  readonly otherwise?: Canvas;
}

/** A run of neighbouring members of a wide group as one step: its result is the array of theirs. */
export interface PlanShard {
  readonly count: number;
  /** `all`: fails with the error of its first member that failed. `collect`: its result is an array of `MemberOutcome`. */
  readonly policy: 'all' | 'collect';
  /** What a member calls; counted from 0. */
  member(index: number): Call;
}

/** A nested group or the like: settles by itself when the latch that settles it completes. */
export interface PlanJoin {
  readonly id: StepId;
  readonly output: Input;
  readonly latch: LatchId;
  readonly settledBy: LatchId;
  readonly within?: StepId;
}

/** Knows the set of steps it waits for and what it releases when all of them are decided. */
export interface Latch {
  readonly id: LatchId;
  readonly waits: readonly StepId[];
  /** A quorum is counted among `waits`. */
  readonly policy: FailurePolicy;
  /** In milliseconds after its join began. With a deadline or a quorum, it completes by its join's own settlement only. */
  readonly deadlineMs?: number;
  /** A step that a group or the like begins with: skipped, that never began and cannot succeed. */
  readonly begins?: StepId;
  /** Steps to dispatch; */
  readonly releases: readonly StepId[];
  /** which are to run only if what it waits for began and failed; */
  readonly rescues?: true;
  /** or a join or a replaced step to settle; */
  readonly settles?: StepId;
  /** as this step was, whatever became of those it waits for; */
  readonly like?: StepId;
  /** or, in the plan's last latch, the end. */
  readonly ends?: true;
}

/** A canvas compiled: series-parallel, so one latch per step is enough. */
export interface Plan {
  readonly steps: ReadonlyMap<StepId, PlanStep>;
  readonly joins: ReadonlyMap<StepId, PlanJoin>;
  readonly latches: ReadonlyMap<LatchId, Latch>;
  /** The latch that releases a step; a step of the entry has none. */
  readonly gates: ReadonlyMap<StepId, LatchId>;
  /** The steps that can run at once. */
  readonly entry: readonly StepId[];
  /** Joins that have a deadline. */
  readonly deadlines: readonly StepId[];
  /** The value of the whole canvas. */
  readonly output: Input;
  /** The latch that waits for the last of it. */
  readonly end: LatchId;
  /** The step whose place this plan takes. */
  readonly replaces?: StepId;
}
