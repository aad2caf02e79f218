import { assertNever } from '@millrace/kernel';
import { compile } from './compiler.js';
import { type Failure, failureOf, isComplete, isOpenJoin, neverBegan } from './latches.js';
import type { Latch, LatchId, Plan, PlanBranch, StepId } from './plan.js';
import { isDecided, isWithin, latchOf, planJoin, planStep, type Run, type Settlement, type Settlements, settlingLatch, type StepState, waitingSteps } from './run.js';
import type { Canvas } from './signature.js';

export type Joined = Extract<Settlement, { status: 'joined' }>;

interface OpenRun extends Run {
  status: Run['status'];
  cause?: StepId;
  readonly plans: Plan[];
  readonly replacements: Map<StepId, Plan>;
  readonly steps: Map<StepId, StepState>;
  readonly settled: Map<StepId, Settlement>;
}

/** A private, mutable copy of a run while facts are worked in. */
export class Progress {
  readonly #run: OpenRun;
  /** What was made ready and not taken yet. */
  readonly #ready: StepId[] = [];
  /** What was decided and not yet followed up. */
  readonly #decided: StepId[] = [];
  /** Of several members decided at once, one completes their latch. */
  readonly #completed = new Set<LatchId>();

  constructor(run: Run, facts: Settlements) {
    const { plans, replacements, steps, settled } = run;
    this.#run = { ...run, plans: [...plans], replacements: new Map(replacements), steps: new Map(steps), settled: new Map(settled), facts };
  }

  get run(): Run {
    return this.#run;
  }

  /** A step that became ready, each once. */
  takeReady(): StepId | undefined {
    return this.#ready.pop();
  }

  start(): void {
    if (this.#run.status !== 'created') return;
    this.#run.status = 'running';
    const [own] = this.#run.plans;
    if (own) this.#enter(own);
    this.#followUp();
  }

  /** Works in what a step that is ready, or a join that is open, came to; anything else is repeated, late or contradictory. */
  settle(id: StepId, settlement: Settlement): void {
    if (settlement.status === 'joined') this.#join(id, settlement);
    else if (this.#run.steps.get(id)?.status === 'ready') this.#settleStep(id, settlement);
    this.#followUp();
  }

  #settleStep(id: StepId, settlement: Exclude<Settlement, Joined>): void {
    const step = planStep(this.#run, id);
    if (!step || (settlement.status === 'chosen' && !step.branch)) return;
    this.#run.settled.set(id, settlement);
    switch (settlement.status) {
      case 'succeeded':
        return this.#decide(id, { status: 'succeeded' });
      case 'failed':
        return this.#decide(id, { status: 'failed', cause: id });
      case 'replaced':
        return this.#replace(id, compile(settlement.canvas, { replaces: id, input: null }));
      case 'chosen':
        return this.#replace(id, compile(chosenOf(step.branch, settlement.case), { replaces: id, input: step.input }));
      default:
        return assertNever(settlement);
    }
  }

  #replace(step: StepId, plan: Plan): void {
    const { plans, replacements, steps } = this.#run;
    steps.set(step, { status: 'replaced' });
    plans.push(plan);
    replacements.set(step, plan);
    for (const [id, state] of waitingSteps(plan)) steps.set(id, state);
    this.#enter(plan);
  }

  /** What is still open inside goes on no more. */
  #join(id: StepId, joined: Joined): void {
    const { steps, settled } = this.#run;
    if (!isOpenJoin(this.#run, id)) return;
    settled.set(id, joined);
    for (const [inner, state] of steps) {
      if (!isDecided(state) && isWithin(this.#run, inner, id)) steps.set(inner, { status: joined.rest });
    }
    const latch = settlingLatch(this.#run, id);
    if (latch) this.#complete(latch);
  }

  /** Makes ready what a plan can begin with; a plan without any step is complete at once. */
  #enter(plan: Plan): void {
    for (const id of plan.entry) this.#begin(id);
    const end = plan.latches.get(plan.end);
    if (plan.entry.length === 0 && end) this.#complete(end);
  }

  #begin(step: StepId): void {
    this.#run.steps.set(step, { status: 'ready' });
    this.#ready.push(step);
  }

  #decide(id: StepId, state: StepState): void {
    this.#run.steps.set(id, state);
    this.#decided.push(id);
  }

  /** In a loop, not by recursion: what is skipped may be a chain of any length. */
  #followUp(): void {
    const { steps } = this.#run;
    for (const id of this.#decided) {
      const latch = latchOf(this.#run, id);
      if (isComplete(latch, steps)) this.#complete(latch);
    }
    this.#decided.length = 0;
  }

  #complete(latch: Latch): void {
    if (this.#completed.has(latch.id)) return;
    this.#completed.add(latch.id);
    const failure = failureOf(latch, this.#run.steps);
    const runs = latch.rescues ? failure !== undefined && !neverBegan(latch, this.#run.steps) : failure === undefined;
    for (const step of latch.releases) {
      if (runs) this.#begin(step);
      else this.#decide(step, { status: 'skipped', ...failure });
    }
    if (latch.settles !== undefined) this.#decide(latch.settles, this.#stateAfter(latch, latch.settles, failure));
    if (latch.ends) this.#finish(failure);
  }

  /** A join that never began is skipped; a step whose place a canvas took did begin. */
  #stateAfter(latch: Latch, settles: StepId, failure: Failure | undefined): StepState {
    if (!failure) return { status: 'succeeded' };
    if (planJoin(this.#run, settles) && neverBegan(latch, this.#run.steps)) return { status: 'skipped', ...failure };
    return { status: 'failed', cause: failure.cause ?? settles };
  }

  #finish(failure: Failure | undefined): void {
    this.#run.status = failure ? 'failed' : 'succeeded';
    if (failure?.cause !== undefined) this.#run.cause = failure.cause;
  }
}

/** A case that a branch does not have is as good as none. */
function chosenOf(branch: PlanBranch | undefined, name: string | null): Canvas {
  const chosen = name !== null && branch && Object.hasOwn(branch.cases, name) ? branch.cases[name] : undefined;
  return chosen ?? branch?.otherwise ?? nothing;
}

/** Its value is what it is given. */
const nothing: Canvas = { kind: 'chain', parts: [] };
