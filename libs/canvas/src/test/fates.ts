import type { Settlement, StepState } from '../run.js';
import type { Canvas } from '../signature.js';
import type { Held, Node, Unit } from './read-canvas.js';

/** What the steps of a canvas come to by a set of settlements. */
export interface Fates {
  readonly result: Result;
  /** Of steps, and of joins with a quorum or a deadline. */
  readonly states: ReadonlyMap<string, StepState>;
  /** What steps were given that have begun. */
  readonly inputs: ReadonlyMap<string, unknown>;
  /** The joins that have begun and are not settled. */
  readonly open: ReadonlyMap<string, { readonly isDue: boolean; readonly deadlineMs: number | undefined }>;
}

type Result = { readonly is: 'open' } | { readonly is: 'succeeded'; readonly value: unknown } | { readonly is: 'failed'; readonly cause: string };

export interface World {
  readonly settlements: ReadonlyMap<string, Settlement>;
  /** A canvas that took a step's place, as it is to be read. */
  readUnder(step: string, canvas: Canvas): Node;
  valueOf(step: Unit): unknown;
  errorOf(cause: string): unknown;
}

/** Structural induction over a canvas: a set of settlements has one meaning, whatever the order in which they were made. */
export function fates(node: Node, world: World): Fates {
  const oracle = new Oracle(world);
  const result = oracle.run(node, { input: undefined, counts: () => true });
  return { result, states: oracle.states, inputs: oracle.inputs, open: oracle.open };
}

interface Context {
  readonly input: unknown;
  /** Whether the settlement of this step or join counts for the joins around it. */
  readonly counts: (id: string) => boolean;
}

const open: Result = { is: 'open' };
const nothing: Canvas = { kind: 'chain', parts: [] };

class Oracle {
  readonly states = new Map<string, StepState>();
  readonly inputs = new Map<string, unknown>();
  readonly open = new Map<string, { isDue: boolean; deadlineMs: number | undefined }>();

  constructor(private readonly world: World) {}

  run(node: Node, context: Context): Result {
    switch (node.kind) {
      case 'unit':
        return this.#runUnit(node, context);
      case 'sequence':
        return this.#runSequence(node.parts, context);
      case 'wide':
        return all(node.shards.map((shard) => this.#runUnit(shard, context)), (values) => values.flat());
      case 'guarded':
        return this.#runGuarded(node, context);
      case 'parallel':
        return node.held ? this.#runHeld(node.members, node.policy, { ...context, held: node.held }) : this.#runMembers(node.members, node.policy, context);
      case 'never':
        return open;
    }
  }

  #runUnit(unit: Unit, { input, counts }: Context): Result {
    this.inputs.set(unit.id, unit.takesInput ? input : undefined);
    const settlement = counts(unit.id) ? this.world.settlements.get(unit.id) : undefined;
    if (settlement?.status === 'succeeded') return this.#end(unit, { is: 'succeeded', value: this.world.valueOf(unit) });
    if (settlement?.status === 'failed') return this.#end(unit, { is: 'failed', cause: unit.id });
    if (settlement?.status !== 'replaced' && !(settlement?.status === 'chosen' && unit.branch)) {
      this.states.set(unit.id, { status: 'ready' });
      return open;
    }
    const { id, branch } = unit;
    const canvas = settlement.status === 'replaced' ? settlement.canvas : choose(branch, settlement.case);
    this.states.set(id, { status: 'replaced' });
    return this.#end(unit, this.run(this.world.readUnder(id, canvas), { input: settlement.status === 'chosen' ? input : undefined, counts }));
  }

  #end({ id }: Unit, result: Result): Result {
    if (result.is === 'succeeded') this.states.set(id, { status: 'succeeded' });
    if (result.is === 'failed') this.states.set(id, { status: 'failed', cause: result.cause });
    return result;
  }

  #runSequence(parts: readonly Node[], context: Context): Result {
    let result: Result = { is: 'succeeded', value: context.input };
    for (const part of parts) {
      if (result.is === 'succeeded') result = this.run(part, { ...context, input: result.value });
      else this.#mark(part, result.is === 'open' ? { status: 'waiting' } : { status: 'skipped', cause: result.cause });
    }
    return result;
  }

  #runGuarded({ body, handler }: Extract<Node, { kind: 'guarded' }>, context: Context): Result {
    const result = this.run(body, context);
    if (result.is === 'open') this.#mark(handler, { status: 'waiting' });
    if (result.is === 'succeeded') this.#mark(handler, { status: 'skipped' });
    if (result.is !== 'failed') return result;
    const handled = this.run(handler, { ...context, input: this.world.errorOf(result.cause) });
    return handled.is === 'open' ? open : result;
  }

  #runMembers(members: readonly Node[], policy: Policy, context: Context): Result {
    const results = members.map((member) => this.run(member, context));
    if (policy === 'all') return all(results, (values) => values);
    const isOpen = results.some((result, n) => result.is === 'open' && members[n]?.kind !== 'never');
    return isOpen ? open : { is: 'succeeded', value: this.#outcomes(results, 'revoked') };
  }

  #runHeld(members: readonly Node[], policy: Policy, { held, input, counts }: Context & { readonly held: Held }): Result {
    const joined = counts(held.id) ? this.world.settlements.get(held.id) : undefined;
    this.states.set(held.id, { status: 'waiting' });
    const before = this.states.size;
    if (joined?.status !== 'joined') {
      const results = members.map((member) => this.run(member, { input, counts }));
      this.open.set(held.id, { isDue: isDue(results, policy), deadlineMs: held.deadlineMs });
      return open;
    }
    const counted = new Set(joined.counted);
    const results = members.map((member) => this.run(member, { input, counts: (id) => counts(id) && counted.has(id) }));
    for (const id of [...this.states.keys()].slice(before)) this.#close(id, joined.rest);
    const result = this.#resultOfHeld(held, policy, results, joined.rest);
    this.states.set(held.id, result.is === 'failed' ? { status: 'failed', cause: result.cause } : { status: 'succeeded' });
    return result;
  }

  #resultOfHeld({ id }: Held, policy: Policy, results: readonly Result[], rest: 'late' | 'revoked'): Result {
    const needed = policy === 'all' ? results.length : policy === 'collect' ? 0 : policy.quorum;
    if (results.filter(({ is }) => is === 'succeeded').length < needed) return results.find((result) => result.is === 'failed') ?? { is: 'failed', cause: id };
    return { is: 'succeeded', value: policy === 'all' ? valuesOf(results) : this.#outcomes(results, rest) };
  }

  #close(id: string, rest: 'late' | 'revoked'): void {
    const status = this.states.get(id)?.status;
    if (status === 'waiting' || status === 'ready' || status === 'replaced') this.states.set(id, { status: rest });
    this.open.delete(id);
  }

  #outcomes(results: readonly Result[], rest: 'late' | 'revoked'): unknown {
    return results.map((result) => {
      if (result.is === 'succeeded') return { status: 'succeeded', value: result.value };
      return result.is === 'failed' ? { status: 'failed', error: this.world.errorOf(result.cause) } : { status: rest };
    });
  }

  /** The state of all that does not begin. */
  #mark(node: Node, state: StepState): void {
    switch (node.kind) {
      case 'unit':
        this.states.set(node.id, state);
        break;
      case 'sequence':
        for (const part of node.parts) this.#mark(part, state);
        break;
      case 'wide':
        for (const shard of node.shards) this.#mark(shard, state);
        break;
      case 'guarded':
        this.#mark(node.body, state);
        this.#mark(node.handler, state);
        break;
      case 'parallel':
        if (node.held) this.states.set(node.held.id, state);
        for (const member of node.members) this.#mark(member, state);
        break;
      case 'never':
        break;
    }
  }
}

type Policy = Extract<Node, { kind: 'parallel' }>['policy'];

function all(results: readonly Result[], value: (values: readonly unknown[]) => unknown): Result {
  if (results.some(({ is }) => is === 'open')) return open;
  return results.find(({ is }) => is === 'failed') ?? { is: 'succeeded', value: value(valuesOf(results)) };
}

const valuesOf = (results: readonly Result[]): readonly unknown[] => results.map((result) => (result.is === 'succeeded' ? result.value : undefined));

/** Nothing that the open members may still come to changes what the join comes to. */
function isDue(results: readonly Result[], policy: Policy): boolean {
  const count = (is: Result['is']): number => results.filter((result) => result.is === is).length;
  if (count('open') === 0) return true;
  return typeof policy === 'object' && (count('succeeded') >= policy.quorum || count('succeeded') + count('open') < policy.quorum);
}

function choose(branch: Unit['branch'], name: string | null): Canvas {
  const chosen = Object.entries(branch?.cases ?? {}).find(([key]) => key === name)?.[1];
  return chosen ?? branch?.otherwise ?? nothing;
}
