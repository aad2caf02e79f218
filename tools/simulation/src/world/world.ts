import { type Random, seededRandom } from '@millrace/kernel';
import { Trace } from './trace.js';

interface Event {
  readonly at: number;
  readonly seq: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** When every simulation begins, in milliseconds since the epoch. */
const beginning = Date.UTC(2026, 0, 1);

/**
 * Virtual time and the one source of chance. Events run one at a time, in the order of their times; between two of them
 * all promises settle. Nothing else runs, so the same seed gives the same history.
 */
export class World {
  readonly random: Random;
  readonly trace: Trace;
  readonly #queue: Event[] = [];
  #now = 0;
  #seq = 0;

  constructor(seed: number, options: { readonly keepTrace: boolean }) {
    this.random = seededRandom(seed);
    this.trace = new Trace(options.keepTrace);
  }

  /** Milliseconds since the simulation began. */
  get elapsed(): number {
    return this.#now;
  }

  /** Whole milliseconds since the epoch. */
  get time(): number {
    return beginning + Math.floor(this.#now);
  }

  get events(): number {
    return this.#seq;
  }

  note(actor: string, what: string): void {
    this.trace.note(this.#now, actor, what);
  }

  aside(actor: string, what: string): void {
    this.trace.aside(this.#now, actor, what);
  }

  /** Runs `run` after `ms` milliseconds; the returned function prevents it. */
  after(ms: number, run: () => void): () => void {
    const event = { at: this.#now + Math.max(0, ms), seq: this.#seq++, run, cancelled: false };
    this.#push(event);
    return () => {
      event.cancelled = true;
    };
  }

  chance(probability: number): boolean {
    return this.random.next() < probability;
  }

  between(least: number, most: number): number {
    return least + this.random.next() * (most - least);
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.random.next() * items.length)];
  }

  /** Lets time pass until `isOver`, or nothing is left to happen, or `mostMs` have passed since the beginning. */
  async run(isOver: () => boolean, mostMs: number): Promise<void> {
    for (let event = this.#pop(); event; event = this.#pop()) {
      if (event.cancelled) continue;
      if (event.at > mostMs) return this.#push(event);
      this.#now = event.at;
      event.run();
      await promisesSettled();
      if (isOver()) return undefined;
    }
    return undefined;
  }

  #push(event: Event): void {
    const queue = this.#queue;
    let i = queue.length;
    for (let up = (i - 1) >> 1; i > 0 && before(event, queue[up]); up = (i - 1) >> 1) {
      queue[i] = queue[up] as Event;
      i = up;
    }
    queue[i] = event;
  }

  #pop(): Event | undefined {
    const queue = this.#queue;
    const first = queue[0];
    const last = queue.pop();
    if (!first || !last || first === last) return first;
    let i = 0;
    for (let down = this.#sooner(1); down < queue.length && before(queue[down] as Event, last); down = this.#sooner(2 * i + 1)) {
      queue[i] = queue[down] as Event;
      i = down;
    }
    queue[i] = last;
    return first;
  }

  /** The sooner of two neighbours in the heap. */
  #sooner(left: number): number {
    const [a, b] = [this.#queue[left], this.#queue[left + 1]];
    return a && b && before(b, a) ? left + 1 : left;
  }
}

const before = (a: Event, b: Event | undefined): boolean => b !== undefined && (a.at < b.at || (a.at === b.at && a.seq < b.seq));

/** Resolves once no promise of this process can settle any more without an event. */
const promisesSettled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
