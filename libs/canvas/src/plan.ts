import { assertNever } from '@millrace/kernel';
import type { Canvas, Chain, FailurePolicy, Group, Signature } from './signature.js';

export type StepId = string;
export type LatchId = string;

/** Where a value comes from: a step's result, an array of such, or nowhere (the run's first steps). */
export type Input = { readonly step: StepId } | { readonly join: readonly Input[]; readonly policy: FailurePolicy } | null;

/** One task of a plan. */
export interface PlanStep {
  readonly id: StepId;
  readonly signature: Signature;
  /** What is put before the signature's own arguments. */
  readonly input: Input;
  /** The one latch that waits for this step. */
  readonly latch: LatchId;
}

/** A nested group: settles by itself when its own latch completes. */
export interface PlanJoin {
  readonly id: StepId;
  readonly output: Input;
  readonly latch: LatchId;
}

/** Knows the set of steps it waits for and what it releases when all of them are decided. */
export interface Latch {
  readonly id: LatchId;
  readonly waits: readonly StepId[];
  readonly policy: FailurePolicy;
  /** Of a `collect` group, a step it begins with: skipped, the group never began and cannot succeed. */
  readonly begins?: StepId;
  /** Steps to dispatch, */
  readonly releases: readonly StepId[];
  /** or a join or a replaced step to settle; */
  readonly settles?: StepId;
  /** or, in the plan's last latch, the end. */
  readonly ends?: true;
}

/** A canvas compiled: series-parallel, so one latch per step is enough. */
export interface Plan {
  readonly steps: ReadonlyMap<StepId, PlanStep>;
  readonly joins: ReadonlyMap<StepId, PlanJoin>;
  readonly latches: ReadonlyMap<LatchId, Latch>;
  /** The steps that can run at once. */
  readonly entry: readonly StepId[];
  /** The value of the whole canvas. */
  readonly output: Input;
  /** The step whose place this plan takes. */
  readonly replaces?: StepId;
}

interface Placed {
  readonly entry: readonly StepId[];
  readonly output: Input;
}

interface OpenLatch {
  readonly id: LatchId;
  readonly waits: StepId[];
  policy: FailurePolicy;
  begins?: StepId;
  releases: readonly StepId[];
  readonly settles?: StepId;
  readonly ends?: true;
}

/** Where a canvas is placed: what it gets, which latch its last steps contribute to, and whether it alone does so. */
interface Place {
  readonly input: Input;
  readonly latch: OpenLatch;
  readonly alone: boolean;
}

/**
 * Compiles a canvas. Step ids are the position of the signature in the canvas, `0`, `1`, …, so the same canvas always
 * gives the same plan. With `replaces`, ids are put under that step (`3.0`) and the end settles it.
 */
export function compile(canvas: Canvas, replaces?: StepId): Plan {
  const known = compiled.get(canvas);
  if (known && known.replaces === replaces) return known;
  const plan = new Compiler(replaces).compile(canvas);
  compiled.set(canvas, plan);
  return plan;
}

/** A canvas is immutable, and the same one is asked for at every step of its run. */
const compiled = new WeakMap<Canvas, Plan>();

class Compiler {
  readonly #prefix: string;
  readonly #replaces: StepId | undefined;
  readonly #steps = new Map<StepId, PlanStep>();
  readonly #joins = new Map<StepId, PlanJoin>();
  readonly #latches = new Map<LatchId, OpenLatch>();

  constructor(replaces?: StepId) {
    this.#replaces = replaces;
    this.#prefix = replaces === undefined ? '' : `${replaces}.`;
  }

  compile(canvas: Canvas): Plan {
    const end = this.#open(this.#replaces === undefined ? { ends: true } : { settles: this.#replaces });
    const { entry, output } = this.#place(canvas, { input: null, latch: end, alone: true });
    const plan = { steps: this.#steps, joins: this.#joins, latches: this.#latches, entry, output };
    return this.#replaces === undefined ? plan : { ...plan, replaces: this.#replaces };
  }

  #place(canvas: Canvas, place: Place): Placed {
    switch (canvas.kind) {
      case 'task':
        return this.#placeSignature(canvas, place);
      case 'chain':
        return this.#placeChain(canvas, place);
      case 'group':
        if (!hasSteps(canvas)) return this.#placeMembers(canvas, { ...place, latch: detached() });
        return place.alone ? this.#placeMembers(canvas, place) : this.#placeNestedGroup(canvas, place);
      case 'chord':
        return this.#placeChain({ kind: 'chain', parts: [canvas.header, canvas.body] }, place);
      default:
        return assertNever(canvas);
    }
  }

  #placeSignature(signature: Signature, { input, latch }: Place): Placed {
    const id = `${this.#prefix}${this.#steps.size}`;
    this.#steps.set(id, { id, signature, input, latch: latch.id });
    latch.waits.push(id);
    return { entry: [id], output: { step: id } };
  }

  /** Between two parts that hold steps stands a latch; a part without any only changes the value handed on. */
  #placeChain(chain: Chain, place: Place): Placed {
    const last = chain.parts.findLastIndex(hasSteps);
    let entry: readonly StepId[] = [];
    let input = place.input;
    let before: OpenLatch | undefined;
    for (const [index, part] of chain.parts.entries()) {
      const isLast = index >= last;
      const latch = isLast || !hasSteps(part) ? place.latch : this.#open({});
      const placed = this.#place(part, { input, latch, alone: isLast ? place.alone : true });
      input = placed.output;
      if (placed.entry.length === 0) continue;
      if (before) before.releases = placed.entry;
      else entry = placed.entry;
      before = latch;
    }
    return { entry, output: input };
  }

  #placeMembers(group: Group, { input, latch }: Place): Placed {
    latch.policy = group.policy;
    const placed = group.members.map((member) => this.#place(member, { input, latch, alone: false }));
    const entry = placed.flatMap((member) => member.entry);
    if (group.policy === 'collect' && entry[0] !== undefined) latch.begins = entry[0];
    return {
      entry,
      output: { join: placed.map((member) => member.output), policy: group.policy },
    };
  }

  #placeNestedGroup(group: Group, { input, latch }: Place): Placed {
    const id = `${this.#prefix}g${this.#joins.size}`;
    const own = this.#open({ settles: id });
    this.#joins.set(id, { id, output: null, latch: latch.id });
    const { entry, output } = this.#placeMembers(group, { input, latch: own, alone: true });
    this.#joins.set(id, { id, output, latch: latch.id });
    latch.waits.push(id);
    return { entry, output: { step: id } };
  }

  #open(kind: Pick<OpenLatch, 'settles' | 'ends'>): OpenLatch {
    const latch: OpenLatch = { id: `${this.#prefix}l${this.#latches.size}`, waits: [], policy: 'all', releases: [], ...kind };
    this.#latches.set(latch.id, latch);
    return latch;
  }
}

/** For a group without steps: it has a value, but nothing waits for it. */
const detached = (): OpenLatch => ({ id: '', waits: [], policy: 'all', releases: [] });

/** Whether anything in the canvas runs. */
export function hasSteps(canvas: Canvas): boolean {
  switch (canvas.kind) {
    case 'task':
      return true;
    case 'chain':
      return canvas.parts.some(hasSteps);
    case 'group':
      return canvas.members.some(hasSteps);
    case 'chord':
      return hasSteps(canvas.header) || hasSteps(canvas.body);
    default:
      return assertNever(canvas);
  }
}
