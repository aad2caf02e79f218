import { type Canvas, chain, chord, chunks, group, type Group, immutable, onError, type Signature, signature, type SignatureOptions } from '@millrace/canvas';
import type { World } from '../world/world.js';

/** Gives `[label, …its arguments]`, so that a result tells of the whole computation behind it. */
export const treeTask = 'calc.tree';
/** The same, after some failures and snoozes; not for each of several items. */
export const flakyTask = 'calc.flaky';
/** Always fails, for good. */
export const failingTask = 'calc.fail';
/** Names the case of a branch: its argument after its label. */
export const pickTask = 'calc.pick';
/** Has its canvas take its place. */
export const replacingTask = 'calc.replace';

/** A small canvas of any kinds, none of whose parts is empty. Every signature has a label of its own. */
export function randomCanvas(world: World): Canvas {
  return new Builder(world).canvas(3);
}

class Builder {
  #labels = 0;

  constructor(private readonly world: World) {}

  canvas(depth: number): Canvas {
    const kinds = depth === 0 ? leaves : nodes;
    const kind = this.world.pick(kinds) ?? 'task';
    return this.#make[kind](depth - 1);
  }

  readonly #make: Readonly<Record<(typeof nodes)[number], (depth: number) => Canvas>> = {
    task: () => this.#task(),
    each: () => ({ kind: 'each', task: this.#call(treeTask), items: this.#count(3), ...(this.world.chance(0.3) ? { spread: true as const } : {}) }),
    chunks: () => this.#chunks(),
    wide: () => this.#wide(),
    chain: (depth) => chain(...this.#several(depth, 2, 4)),
    group: (depth) => this.#group(depth),
    chord: (depth) => chord(this.world.chance(0.3) ? this.#chunks() : this.#group(depth), this.canvas(depth)),
    branch: (depth) => this.#branch(depth),
    'on-error': (depth) => onError(this.canvas(depth), this.canvas(depth)),
    replace: (depth) => signature(replacingTask, this.#label(), this.canvas(depth)),
  };

  #task(): Signature {
    const drawn = this.world.random.next();
    if (drawn < 0.06) return this.#call(failingTask);
    if (drawn < 0.2) return immutable(treeTask, this.#label());
    return this.#call(drawn < 0.4 ? flakyTask : treeTask);
  }

  #call(task: string): Signature {
    const options = this.#options();
    return { ...signature(task, this.#label()), ...(options ? { options } : {}) };
  }

  #options(): SignatureOptions | undefined {
    const drawn = this.world.random.next();
    if (drawn < 0.1) return { countdownMs: Math.round(this.world.between(1, 1_500)) };
    if (drawn < 0.2) return { queue: 'datasets', priority: 3 };
    return undefined;
  }

  #group(depth: number): Group {
    const members = this.#several(depth, 1, 4);
    const drawn = this.world.random.next();
    const policy = drawn < 0.4 ? 'all' : drawn < 0.7 ? 'collect' : { quorum: 1 + Math.floor(this.world.random.next() * members.length) };
    return { ...group(members), policy, ...(this.world.chance(0.2) ? { deadlineMs: Math.round(this.world.between(50, 2_000)) } : {}) };
  }

  #chunks(): ReturnType<typeof chunks> {
    const policy = this.world.chance(0.5) ? 'all' : 'collect';
    return { kind: 'chunks', task: this.#call(treeTask), items: { from: 0, to: this.#count(7).length }, size: 1 + Math.floor(this.world.random.next() * 3), policy };
  }

  /** More than 64 members, which lie beside the record. */
  #wide(): Canvas {
    const policy = this.world.chance(0.5) ? 'all' : 'collect';
    const size = Math.floor(this.world.between(65, 80));
    return { kind: 'chunks', task: this.#call(treeTask), items: { from: 0, to: size }, size: 1, policy };
  }

  #branch(depth: number): Canvas {
    const cases = { left: this.canvas(depth), right: this.canvas(depth) };
    const by = signature(pickTask, this.#label(), this.world.pick(['left', 'right', 'neither']));
    return { kind: 'branch', by, cases, ...(this.world.chance(0.5) ? { otherwise: this.canvas(depth) } : {}) };
  }

  #several(depth: number, least: number, most: number): readonly Canvas[] {
    return Array.from({ length: Math.floor(this.world.between(least, most)) }, () => this.canvas(depth));
  }

  #count(most: number): readonly unknown[] {
    return Array.from({ length: 1 + Math.floor(this.world.random.next() * most) }, (_, i) => (this.world.chance(0.5) ? [i, 'x'] : i));
  }

  #label(): string {
    return `n${this.#labels++}`;
  }
}

const leaves = ['task', 'task', 'task', 'task', 'each', 'chunks'] as const;
const nodes = [...leaves, 'wide', 'chain', 'chain', 'chain', 'group', 'group', 'group', 'chord', 'chord', 'branch', 'branch', 'on-error', 'on-error', 'replace'] as const;
