import { assertNever } from '@millrace/kernel';
import { checkCanvas } from './limits.js';
import { hasSteps, isWide, type Members, membersOf, quorumLeft, shardsOf, singleOf } from './members.js';
import type { Call, Input, Latch, LatchId, Outcome, Plan, PlanJoin, PlanStep, StepId } from './plan.js';
import type { Branch, Canvas, Chain, Each, OnError, Signature } from './signature.js';

/** Whose place a plan takes, and what is put in the first place of the chain. */
export interface Under {
  readonly replaces: StepId;
  readonly input: Input;
}

/**
 * Compiles a canvas. Step ids are the position of the signature in the canvas, `0`, `1`, …, so the same canvas always
 * gives the same plan. With `under`, ids are put under that step (`3.0`) and the end settles it. Throws
 * MILLRACE_CANVAS_TOO_WIDE, _TOO_DEEP, _WIDE_POLICY, _WIDE_MEMBER, _WIDE_MIXED, _QUORUM or _SIZE for a canvas that cannot be run.
 */
export function compile(canvas: Canvas, under?: Under): Plan {
  const known = compiled.get(canvas);
  if (known && known.under?.replaces === under?.replaces && known.under?.input === under?.input) return known.plan;
  if (!known) checkCanvas(canvas);
  const plan = new Compiler(under).compile(canvas);
  compiled.set(canvas, { under, plan });
  return plan;
}

/** A canvas is immutable, and the same one is asked for at every step of its run. */
const compiled = new WeakMap<Canvas, { readonly under: Under | undefined; readonly plan: Plan }>();

type Open<T> = { -readonly [K in keyof T]: T[K] };
type OpenLatch = Open<Omit<Latch, 'waits'>> & { readonly waits: StepId[] };

interface Placed {
  readonly entry: readonly StepId[];
  readonly output: Input;
}

const nowhere: Placed = { entry: [], output: null };

/** Where a canvas is placed: what it gets, which latch its last steps contribute to, and whether it alone does so. */
interface Place {
  readonly input: Input;
  readonly latch: OpenLatch;
  readonly alone: boolean;
  readonly within?: StepId;
}

class Compiler {
  readonly #prefix: string;
  readonly #steps = new Map<StepId, PlanStep>();
  readonly #joins = new Map<StepId, Open<PlanJoin>>();
  readonly #latches = new Map<LatchId, OpenLatch>();
  readonly #gates = new Map<StepId, LatchId>();
  readonly #deadlines: StepId[] = [];

  constructor(private readonly under: Under | undefined) {
    this.#prefix = under === undefined ? '' : `${under.replaces}.`;
  }

  compile(canvas: Canvas): Plan {
    const end = this.#open(this.under === undefined ? { ends: true } : { settles: this.under.replaces });
    const { entry, output } = this.#place(canvas, { input: this.under?.input ?? null, latch: end, alone: true });
    return {
      steps: this.#steps,
      joins: this.#joins,
      latches: this.#latches,
      gates: this.#gates,
      entry,
      deadlines: this.#deadlines,
      output,
      end: end.id,
      ...(this.under === undefined ? {} : { replaces: this.under.replaces }),
    };
  }

  #place(canvas: Canvas, place: Place): Placed {
    switch (canvas.kind) {
      case 'task':
      case 'each':
        return this.#placeStep(callOf(canvas, place.input), place);
      case 'branch':
        return this.#placeBranch(canvas, place);
      case 'chain':
        return this.#placeChain(canvas, place);
      case 'group':
      case 'chunks':
        return this.#placeGroup(canvas, place);
      case 'chord':
        return this.#placeChain({ kind: 'chain', parts: [canvas.header, canvas.body] }, place);
      case 'on-error':
        return this.#placeOnError(canvas, place);
      default:
        return assertNever(canvas);
    }
  }

  #placeStep(step: Omit<PlanStep, 'id' | 'latch' | 'within'>, { latch, within }: Place): Placed {
    const id = `${this.#prefix}${this.#steps.size}`;
    this.#steps.set(id, { id, ...step, latch: latch.id, ...(within === undefined ? {} : { within }) });
    latch.waits.push(id);
    return { entry: [id], output: { step: id } };
  }

  #placeBranch({ by, cases, otherwise }: Branch, place: Place): Placed {
    const branch = { cases, ...(otherwise === undefined ? {} : { otherwise }) };
    return this.#placeStep({ ...callOf(by, place.input), branch }, place);
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
      const placed = this.#place(part, { ...place, input, latch, alone: isLast ? place.alone : true });
      input = placed.output;
      if (placed.entry.length === 0) continue;
      if (before) this.#release(before, placed.entry);
      else entry = placed.entry;
      before = latch;
    }
    return { entry, output: input };
  }

  /** A join with a settlement of its own is always a join of its own. */
  #placeGroup(group: Members, place: Place): Placed {
    if (!hasSteps(group)) return this.#placeMembers(group, { ...place, latch: detached() });
    const isHeld = typeof group.policy === 'object' || group.deadlineMs !== undefined;
    if (place.alone && !isHeld) return this.#placeMembers(group, place);
    return this.#placeJoin('g', place, (id, latch) => {
      if (group.deadlineMs !== undefined) {
        latch.deadlineMs = group.deadlineMs;
        this.#deadlines.push(id);
      }
      const within = isHeld ? id : place.within;
      return this.#placeMembers(group, { ...place, latch, ...(within === undefined ? {} : { within }) });
    });
  }

  #placeMembers(group: Members, place: Place): Placed {
    if (isWide(group)) return this.#placeShards(group, place);
    const { latch } = place;
    const isMet = !hasSteps(group);
    const placed = membersOf(group).map((member): Placed & { outcome: Outcome } => {
      if (isMet && hasSteps(member)) return { ...nowhere, outcome: { never: 'revoked' } };
      const by = latch.waits.length;
      const { entry, output } = this.#place(member, { ...place, alone: false });
      return { entry, output, outcome: { value: output, by: latch.waits[by] ?? null } };
    });
    const entry = placed.flatMap((member) => member.entry);
    latch.policy = typeof group.policy === 'object' ? { quorum: quorumLeft(group, group.policy.quorum) } : group.policy;
    if (entry[0] !== undefined) latch.begins = entry[0];
    return { entry, output: group.policy === 'all' ? { join: placed.map(({ output }) => output) } : { outcomes: placed.map(({ outcome }) => outcome) } };
  }

  /** What became of its members is in a shard's own result, so that only a shard that fails as such fails the group. */
  #placeShards(group: Members, place: Place): Placed {
    const policy = group.policy === 'collect' ? 'collect' : 'all';
    const placed = shardsOf(group).map(({ from, count }) => {
      const member = (index: number): Call => callOf(singleOf(group, from + index), place.input);
      return this.#placeStep({ signature: member(0).signature, input: place.input, shard: { count, policy, member } }, place);
    });
    return { entry: placed.flatMap(({ entry }) => entry), output: { concat: placed.map(({ output }) => output) } };
  }

  /** The handler stands behind the body's latch and before the join's, which comes to what the body came to. */
  #placeOnError({ body, handler }: OnError, place: Place): Placed {
    if (!hasSteps(body) || !hasSteps(handler)) return this.#place(body, place);
    return this.#placeJoin('e', place, (_, latch) => {
      const guarded = this.#open({ rescues: true });
      const placed = this.#place(body, { ...place, latch: guarded, alone: false });
      const decisive = guarded.waits[0] ?? '';
      if (placed.entry[0] !== undefined) guarded.begins = placed.entry[0];
      latch.like = decisive;
      this.#release(guarded, this.#place(handler, { ...place, input: { errorOf: decisive }, latch, alone: false }).entry);
      return placed;
    });
  }

  #placeJoin(letter: 'g' | 'e', place: Place, inside: (id: StepId, latch: OpenLatch) => Placed): Placed {
    const id = `${this.#prefix}${letter}${this.#joins.size}`;
    const own = this.#open({ settles: id });
    const within = place.within === undefined ? {} : { within: place.within };
    const join: Open<PlanJoin> = { id, output: null, latch: place.latch.id, settledBy: own.id, ...within };
    this.#joins.set(id, join);
    const { entry, output } = inside(id, own);
    join.output = output;
    if (entry[0] !== undefined) own.begins = entry[0];
    place.latch.waits.push(id);
    return { entry, output: { step: id } };
  }

  #release(latch: OpenLatch, entry: readonly StepId[]): void {
    latch.releases = entry;
    for (const step of entry) this.#gates.set(step, latch.id);
  }

  #open(kind: Pick<Latch, 'settles' | 'ends' | 'rescues'>): OpenLatch {
    const latch: OpenLatch = { ...detached(), ...kind, id: `${this.#prefix}l${this.#latches.size}` };
    this.#latches.set(latch.id, latch);
    return latch;
  }
}

/** For a group without steps: it has a value, but nothing waits for it. */
const detached = (): OpenLatch => ({ id: '', waits: [], policy: 'all', releases: [] });

/** The previous result is nothing to a task that is called for each of some items. */
function callOf(canvas: Signature | Each, input: Input): Call {
  if (canvas.kind === 'task') return { signature: canvas, input };
  const { task, items, spread } = canvas;
  return { signature: task, input: null, items, ...(spread ? { spread } : {}) };
}
