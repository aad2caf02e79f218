import { seededRandom } from '@millrace/kernel';
import { advance, type Advanced, type RunEvent } from '../advance.js';
import { countedBy } from '../commands.js';
import { compile } from '../compiler.js';
import { isHeld } from '../latches.js';
import type { Plan, PlanStep } from '../plan.js';
import { create, planStep, type Run, type Settlement } from '../run.js';
import type { Canvas } from '../signature.js';
import { fates, type Fates } from './fates.js';
import { type Node, readCanvas, type Unit } from './read-canvas.js';

/** One event as it came to a run, and what the oracle says of the run then. */
export interface Happening extends Advanced {
  readonly event: RunEvent;
  readonly before: Run;
  /** Whether it was the first settlement of its step; else the event is a repetition or a contradiction. */
  readonly isNews: boolean;
  readonly fatesBefore: Fates;
  readonly fates: Fates;
}

/**
 * A run with an at-least-once broker, workers that fail, choose and replace, and joins settled by whoever sees that they
 * are due, often too late or too early: events are repeated, put off and contradicted.
 */
export class Simulation {
  readonly node: Node;
  readonly record = new Map<string, Settlement>();
  /** When each settlement was made: its place in the record, from 1. */
  readonly settledAt = new Map<string, number>();
  /** The run before anything was heard of it, and as it stands. */
  readonly created: Run;
  run: Run;
  readonly #inbox: RunEvent[] = [{ type: 'started' }];
  readonly #seen: RunEvent[] = [];
  readonly #replacements: Canvas[];
  readonly #nodes = new Map<string, Node>();
  readonly #random: () => number;
  #fates: Fates;

  constructor(canvas: Canvas, replacements: readonly Canvas[], seed: number) {
    const plan = compile(canvas);
    this.node = readCanvas(canvas, heldIdsOf(plan));
    this.created = create(plan);
    this.run = this.created;
    this.#replacements = [...replacements];
    this.#random = seededRandom(seed).next;
    this.#fates = this.#consult();
  }

  pick = (n: number): number => Math.floor(this.#random() * n);

  shuffled<T>(things: Iterable<T>): readonly T[] {
    const left = [...things];
    const order: T[] = [];
    while (left.length > 0) order.push(...left.splice(this.pick(left.length), 1));
    return order;
  }

  /** Until no event is left. */
  *happenings(): Iterable<Happening> {
    while (this.#inbox.length > 0) {
      const [event] = this.#inbox.splice(this.pick(this.#inbox.length), 1);
      if (!event) return;
      const happening = this.#deliver(event);
      yield happening;
      this.#seen.push(event);
      if (this.pick(4) === 0) yield this.#deliver(this.#seen[this.pick(this.#seen.length)] ?? event);
      for (const command of happening.commands) {
        if (command.type === 'dispatch') this.#work(planStep(this.run, command.step));
        if (command.type === 'join') this.#join(command.step, command.rest);
      }
      const open = [...this.#fates.open.keys()];
      if (open.length > 0 && this.pick(8) === 0) this.#join(open[this.pick(open.length)] ?? '', this.pick(2) === 0 ? 'late' : 'revoked');
    }
  }

  #deliver(event: RunEvent): Happening {
    const before = this.run;
    const fatesBefore = this.#fates;
    const isNews = event.type === 'started' ? before.status === 'created' : !this.record.has(event.step);
    if (event.type === 'settled' && isNews) {
      this.record.set(event.step, event.settlement);
      this.settledAt.set(event.step, this.record.size);
    }
    const { run, commands } = advance(before, event);
    this.run = run;
    if (isNews) this.#fates = this.#consult();
    return { event, before, run, commands, isNews, fatesBefore, fates: this.#fates };
  }

  /** What the oracle says of the record. */
  #consult(): Fates {
    return fates(this.node, { settlements: this.record, readUnder: (step, canvas) => this.#readUnder(step, canvas), valueOf, errorOf });
  }

  #readUnder(step: string, canvas: Canvas): Node {
    const known = this.#nodes.get(step);
    if (known) return known;
    const node = readCanvas(canvas, heldIdsOf(this.run.replacements.get(step)), `${step}.`);
    this.#nodes.set(step, node);
    return node;
  }

  #work(step: PlanStep | undefined): void {
    if (!step) throw new RangeError('a step that is in no plan was dispatched');
    this.#send(step.id, this.#settlementOf(step));
    if (this.pick(5) === 0) this.#send(step.id, this.#settlementOf(step));
  }

  #settlementOf(step: PlanStep): Settlement {
    if (this.pick(6) === 0) return { status: 'failed' };
    if (step.branch) return { status: 'chosen', case: ['case0', 'case1', 'toString', null][this.pick(4)] ?? null };
    const canvas = step.shard || this.pick(5) > 0 ? undefined : this.#replacements.pop();
    return canvas ? { status: 'replaced', canvas } : { status: 'succeeded' };
  }

  /** Of what is known now; it may come to the record much later. */
  #join(join: string, rest: 'late' | 'revoked'): void {
    this.#send(join, { status: 'joined', counted: countedBy(this.run, join), rest });
  }

  #send(step: string, settlement: Settlement): void {
    this.#inbox.push({ type: 'settled', step, settlement });
  }
}

export const heldIdsOf = (plan: Plan | undefined): readonly string[] =>
  [...(plan?.joins.values() ?? [])].filter((join) => isHeld(plan?.latches.get(join.settledBy) ?? { id: '', waits: [], policy: 'all', releases: [] })).map(({ id }) => id);

/** A shard's value is the array of its members'. */
export const valueOf = ({ id, count }: Pick<Unit, 'id' | 'count'>): unknown =>
  count === undefined ? `value of ${id}` : Array.from({ length: count }, (_, member) => `value of ${id}#${member}`);

export const errorOf = (cause: string): unknown => ({ code: `error of ${cause}` });
