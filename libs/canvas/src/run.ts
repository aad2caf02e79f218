import type { Latch, Plan, PlanJoin, PlanStep, StepId } from './plan.js';
import type { Canvas } from './signature.js';

/** What a step or a join came to, as far as the order of things is concerned. */
export type Settlement =
  | { readonly status: 'succeeded' }
  | { readonly status: 'failed' }
  | { readonly status: 'replaced'; readonly canvas: Canvas }
  /** Of a branch: the name of its case; null for `otherwise`. */
  | { readonly status: 'chosen'; readonly case: string | null }
  /** Of a join with a quorum or a deadline: the settled steps and joins inside it that count; the others are `rest`. */
  | { readonly status: 'joined'; readonly counted: readonly StepId[]; readonly rest: 'late' | 'revoked' };

/** What steps and joins came to: the first that was heard of each. */
export type Settlements = ReadonlyMap<StepId, Settlement>;

/**
 * A step's or a join's place in its run. `replaced`: a canvas has taken its place and is not done. `late`, `revoked`: a join
 * around it went on without it. `skipped`: it can never run, because `cause` failed; without a cause, because it is for
 * an error that did not happen. The cause of a failed join may be the join itself, when its time was up.
 */
export type StepState =
  | { readonly status: 'waiting' | 'ready' | 'succeeded' | 'replaced' | 'late' | 'revoked' }
  | { readonly status: 'failed'; readonly cause: StepId }
  | { readonly status: 'skipped'; readonly cause?: StepId };

export interface Run {
  readonly status: 'created' | 'running' | 'succeeded' | 'failed';
  /** Why it failed. */
  readonly cause?: StepId;
  /** The plan of the run's canvas first, then those of replacements. */
  readonly plans: readonly Plan[];
  /** The plans that took steps' places, by those steps. */
  readonly replacements: ReadonlyMap<StepId, Plan>;
  readonly steps: ReadonlyMap<StepId, StepState>;
  /** All that is known, in whatever order it was heard. The rest of a run follows from it and from the run's own plan. */
  readonly facts: Settlements;
  /** The settlements that count: of steps and joins that could begin and that no join left out. */
  readonly settled: Settlements;
}

/** The parts of a run that say where an id belongs. */
export type Plans = Pick<Run, 'plans' | 'replacements'>;

/** A run of a compiled canvas before it starts. */
export const create = (plan: Plan): Run => ({
  status: 'created',
  plans: [plan],
  replacements: new Map(),
  steps: new Map(waitingSteps(plan)),
  facts: new Map(),
  settled: new Map(),
});

export function* waitingSteps(plan: Plan): Iterable<[StepId, StepState]> {
  for (const id of plan.steps.keys()) yield [id, waiting];
  for (const id of plan.joins.keys()) yield [id, waiting];
}

const waiting: StepState = { status: 'waiting' };

/** The plan that an id is of, which the id itself names: `3.0` is of the plan that took the place of `3`. */
export function planOf({ plans, replacements }: Plans, id: StepId): Plan | undefined {
  const end = id.lastIndexOf('.');
  return end < 0 ? plans[0] : replacements.get(id.slice(0, end));
}

/** The plan's entry for a step, wherever in the run's plans it stands; undefined for joins and unknown ids. */
export const planStep = (run: Plans, step: StepId): PlanStep | undefined => planOf(run, step)?.steps.get(step);

export const planJoin = (run: Plans, join: StepId): PlanJoin | undefined => planOf(run, join)?.joins.get(join);

/** The latch that waits for a step or a join. */
export function latchOf(run: Plans, id: StepId): Latch {
  const plan = planOf(run, id);
  const latch = plan?.latches.get((plan.steps.get(id) ?? plan.joins.get(id))?.latch ?? '');
  if (!latch) throw new RangeError(`step ${id} is in no plan of this run`);
  return latch;
}

/** The latch whose completion settles a join; undefined for anything else. */
export function settlingLatch(run: Plans, join: StepId): Latch | undefined {
  const plan = planOf(run, join);
  return plan?.latches.get(plan.joins.get(join)?.settledBy ?? '');
}

/** The joins with settlements of their own around a step or a join, from the nearest outwards. */
export function* joinsAround(run: Plans, id: StepId): Iterable<StepId> {
  for (let plan = planOf(run, id), inner: StepId | undefined = id; plan && inner !== undefined; ) {
    const around: StepId | undefined = (plan.steps.get(inner) ?? plan.joins.get(inner))?.within;
    if (around !== undefined) yield around;
    inner = around ?? plan.replaces;
    plan = inner === undefined ? undefined : planOf(run, inner);
  }
}

export function isWithin(run: Plans, id: StepId, join: StepId): boolean {
  for (const around of joinsAround(run, id)) if (around === join) return true;
  return false;
}

/** Whether nothing can become of it any more. */
export const isDecided = (state: StepState | undefined): boolean =>
  state !== undefined && state.status !== 'waiting' && state.status !== 'ready' && state.status !== 'replaced';
