import { compile, type Latch, type LatchId, type Plan, type PlanStep, type StepId } from './plan.js';
import type { Canvas } from './signature.js';

/** What a task came to, as far as the order of things is concerned. */
export type Settlement = { readonly status: 'succeeded' } | { readonly status: 'failed' } | { readonly status: 'replaced'; readonly canvas: Canvas };

/** A step's place in its run. `skipped`: it can never run, because `cause` failed. */
export type StepState =
  | { readonly status: 'waiting' | 'ready' | 'succeeded' | 'replaced' }
  | { readonly status: 'failed' | 'skipped'; readonly cause: StepId };

export interface Run {
  readonly status: 'created' | 'running' | 'succeeded' | 'failed';
  /** The plan of the run's canvas first, then those of replacements. */
  readonly plans: readonly Plan[];
  readonly steps: ReadonlyMap<StepId, StepState>;
  /** For each latch, the members decided so far: a set, so a repeated event changes nothing. */
  readonly latches: ReadonlyMap<LatchId, ReadonlySet<StepId>>;
}

export type RunEvent = { readonly type: 'started' } | { readonly type: 'settled'; readonly step: StepId; readonly settlement: Settlement };

export type Command = { readonly type: 'dispatch'; readonly step: StepId } | { readonly type: 'finish'; readonly status: 'succeeded' | 'failed' };

export interface Advanced {
  readonly run: Run;
  readonly commands: readonly Command[];
}

/** A run of a compiled canvas before it starts. */
export function create(plan: Plan): Run {
  return { status: 'created', plans: [plan], steps: new Map(waitingSteps(plan)), latches: new Map(emptyLatches(plan)) };
}

/**
 * The whole order of a run as a pure function: no clock, no I/O, no randomness. An event that is repeated, late or
 * contradicts an earlier one changes nothing. Independent events commute: whatever their order, the end is the same.
 */
export function advance(run: Run, event: RunEvent): Advanced {
  const progress = new Progress(run);
  progress.apply(event);
  return progress.result();
}

/** Applies every fact that can be applied, in whatever order that is possible. */
export function replay(canvas: Canvas, settlements: ReadonlyMap<StepId, Settlement>): Run {
  const progress = new Progress(create(compile(canvas)));
  progress.apply({ type: 'started' });
  for (let step = progress.takeDispatched(); step !== undefined; step = progress.takeDispatched()) {
    const settlement = settlements.get(step);
    if (settlement) progress.apply({ type: 'settled', step, settlement });
  }
  return progress.result().run;
}

type Decided = { readonly status: 'succeeded' } | Extract<StepState, { status: 'failed' | 'skipped' }>;

/** A private, mutable copy of a run while one event is worked in. */
class Progress {
  #status: Run['status'];
  #plans: Plan[];
  readonly #steps: Map<StepId, StepState>;
  readonly #latches: Map<LatchId, Set<StepId>>;
  readonly #commands: Command[] = [];
  #taken = 0;

  constructor(run: Run) {
    this.#status = run.status;
    this.#plans = [...run.plans];
    this.#steps = new Map(run.steps);
    this.#latches = new Map([...run.latches].map(([id, members]) => [id, new Set(members)]));
  }

  result(): Advanced {
    return { run: { status: this.#status, plans: this.#plans, steps: this.#steps, latches: this.#latches }, commands: this.#commands };
  }

  takeDispatched(): StepId | undefined {
    for (let command = this.#commands[this.#taken++]; command; command = this.#commands[this.#taken++]) {
      if (command.type === 'dispatch') return command.step;
    }
    return undefined;
  }

  apply(event: RunEvent): void {
    if (event.type === 'started') {
      if (this.#status !== 'created') return;
      this.#status = 'running';
      this.#enter(this.#plans[0]);
    } else if (this.#status === 'running' && this.#steps.get(event.step)?.status === 'ready') {
      this.#settle(event.step, event.settlement);
    }
  }

  #settle(step: StepId, settlement: Settlement): void {
    if (settlement.status === 'succeeded') return this.#decide(step, { status: 'succeeded' });
    if (settlement.status === 'failed') return this.#decide(step, { status: 'failed', cause: step });
    const plan = compile(settlement.canvas, step);
    this.#steps.set(step, { status: 'replaced' });
    this.#plans.push(plan);
    for (const [id, state] of waitingSteps(plan)) this.#steps.set(id, state);
    for (const [id, members] of emptyLatches(plan)) this.#latches.set(id, members);
    this.#enter(plan);
  }

  /** Dispatches what a plan can begin with; a plan without any step is complete at once. */
  #enter(plan: Plan | undefined): void {
    if (!plan) return;
    for (const id of plan.entry) this.#dispatch(id);
    if (plan.entry.length === 0) for (const latch of plan.latches.values()) this.#complete(latch, undefined);
  }

  #dispatch(step: StepId): void {
    this.#steps.set(step, { status: 'ready' });
    this.#commands.push({ type: 'dispatch', step });
  }

  #decide(step: StepId, state: Decided): void {
    this.#steps.set(step, state);
    const latch = latchOf(this.#plans, step);
    const decided = this.#latches.get(latch.id);
    decided?.add(step);
    if (decided?.size === latch.waits.length) this.#complete(latch, this.#failureOf(latch));
  }

  /** Why a latch whose members are all decided fails: under `all` the first member, in the canvas's order, that did. */
  #failureOf(latch: Latch): StepId | undefined {
    const decisive = latch.policy === 'all' ? latch.waits : latch.begins === undefined ? [] : [latch.begins];
    for (const step of decisive) {
      const state = this.#steps.get(step);
      if (state?.status === 'skipped' || (state?.status === 'failed' && latch.policy === 'all')) return state.cause;
    }
    return undefined;
  }

  #complete(latch: Latch, failure: StepId | undefined): void {
    for (const step of latch.releases) {
      if (failure === undefined) this.#dispatch(step);
      else this.#decide(step, { status: 'skipped', cause: failure });
    }
    if (latch.settles !== undefined) this.#decide(latch.settles, failure === undefined ? { status: 'succeeded' } : { status: 'failed', cause: failure });
    if (latch.ends) {
      this.#status = failure === undefined ? 'succeeded' : 'failed';
      this.#commands.push({ type: 'finish', status: this.#status });
    }
  }

}

function latchOf(plans: readonly Plan[], step: StepId): Latch {
  for (const plan of plans) {
    const latch = plan.latches.get((plan.steps.get(step) ?? plan.joins.get(step))?.latch ?? '');
    if (latch) return latch;
  }
  throw new RangeError(`step ${step} is in no plan of this run`);
}

const waitingSteps = (plan: Plan): Array<[StepId, StepState]> =>
  [...plan.steps.keys(), ...plan.joins.keys()].map((id) => [id, { status: 'waiting' }]);

const emptyLatches = (plan: Plan): Array<[LatchId, Set<StepId>]> => [...plan.latches.keys()].map((id) => [id, new Set()]);

/**
 * What the settlement of `step` released in a run that has it worked in already, provided that it was the last one worked
 * in: the commands that `advance` gave for it, without working it in again.
 */
export function releasedBy(run: Run, step: StepId): readonly Command[] {
  const replacement = run.plans.find((plan) => plan.replaces === step);
  if (replacement && replacement.entry.length > 0) return replacement.entry.map((entry) => ({ type: 'dispatch', step: entry }));
  return releasedByDecision(run, step, new Set());
}

/** Follows what a decision completed, each latch once: steps skipped together complete the same one. */
function releasedByDecision(run: Run, step: StepId, followed: Set<LatchId>): readonly Command[] {
  const latch = latchOf(run.plans, step);
  if (followed.has(latch.id) || (run.latches.get(latch.id)?.size ?? 0) < latch.waits.length) return [];
  followed.add(latch.id);
  if (latch.ends) return run.status === 'succeeded' || run.status === 'failed' ? [{ type: 'finish', status: run.status }] : [];
  if (latch.settles !== undefined) return releasedByDecision(run, latch.settles, followed);
  return latch.releases.flatMap((next): readonly Command[] => {
    const status = run.steps.get(next)?.status;
    if (status === 'skipped') return releasedByDecision(run, next, followed);
    return status === 'ready' ? [{ type: 'dispatch', step: next }] : [];
  });
}

/** The plan's entry for a step, wherever in the run's plans it stands; undefined for joins and unknown ids. */
export function planStep(run: Run, step: StepId): PlanStep | undefined {
  for (const plan of run.plans) {
    const found = plan.steps.get(step);
    if (found) return found;
  }
  return undefined;
}
