import { Slots } from '@millrace/kernel';
import { type AnyTask, type PoolSpec, stepErrorOf } from '@millrace/tasks';
import { policyOf } from '../claimed-step.js';
import { onAbort } from '../delivery-watch.js';
import { hookFor, undoMs } from '../handler-runner.js';
import { Autoscaler, type Scalable } from './autoscaler.js';
import { Crew, type CrewDeps, type CrewOptions } from './crew.js';
import type { Arguments, HandlerRun, Pool, Try } from './pool.js';
import type { ChildRun, ChildState, ChildTry, PoolChild } from './pool-child.js';

export type ChildPoolOptions = CrewOptions & {
  readonly kind: Exclude<PoolSpec['kind'], 'async'>;
  /** Children at least, which are ready before the first try, and at most. */
  readonly least: number;
  readonly most: number;
};

/**
 * Runs handlers in children that are ready before the work comes, one try at a time each. There is a slot for each child
 * that can run, so a try goes to a free child at once; only when a child dies under a message that has come for it does
 * the try wait, for the child that takes its place.
 */
export class ChildPool implements Pool, Scalable {
  readonly canKill: boolean;
  readonly slots = new Slots(0);
  readonly #crew: Crew;
  readonly #autoscaler: Autoscaler;
  readonly #waiting = new Set<(child: PoolChild) => void>();
  readonly #stopping = new AbortController();
  #target: number;

  constructor(
    private readonly options: ChildPoolOptions,
    deps: CrewDeps,
  ) {
    this.canKill = options.kind === 'prefork';
    this.#target = options.least;
    this.#crew = new Crew(options, deps, { freed: (child) => this.#handOver(child), counted: (able) => this.slots.resize(able) });
    this.#autoscaler = new Autoscaler(this, options, deps.clock);
  }

  get wanted(): number {
    return this.#crew.wanted;
  }

  count(state: ChildState): number {
    return this.#crew.count(state);
  }

  async start(): Promise<void> {
    try {
      await this.#crew.start(this.options.least);
    } catch (err) {
      await this.stop();
      throw err;
    }
    this.#autoscaler.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#autoscaler.stop();
    await this.#crew.stop();
  }

  run(task: AnyTask, tried: Try, previous: Arguments, given: AbortSignal): Promise<HandlerRun> {
    const work: ChildTry = { tried, previous, policy: policyOf(task, tried.step), given };
    const run = this.#run(work);
    return this.canKill ? run.then((ended) => this.#undone(task, work, ended)) : run;
  }

  #run(work: ChildTry): Promise<ChildRun> {
    return this.#crew.free()?.run(work) ?? this.#runLater(work);
  }

  /** After a kill, has another child run the hook that undoes what the handler began. */
  async #undone(task: AnyTask, work: ChildTry, ended: ChildRun): Promise<HandlerRun> {
    const { outcome, handlerMs, isCut } = ended;
    if (!isCut || outcome.kind !== 'failed') return ended;
    if (hookFor(task, outcome.error.code)) {
      await this.#run({ ...work, policy: { ...work.policy, softLimitMs: undoMs, hardLimitMs: 2 * undoMs }, given: this.#stopping.signal, undo: outcome.error });
    }
    return { outcome, handlerMs };
  }

  resize(slots: number): Promise<void> {
    this.#autoscaler.allow(slots);
    return this.scaleTo(slots);
  }

  /** Adds children at once; takes one away only with its slot, so that none is taken from under a message. */
  async scaleTo(size: number): Promise<void> {
    this.#target = size;
    if (size > this.wanted) this.#crew.want(size);
    while (this.wanted > this.#target && (await this.slots.take(1, this.#stopping.signal)) > 0) {
      if (this.wanted > this.#target) this.#crew.want(this.wanted - 1);
      this.slots.give();
    }
  }

  #runLater(work: ChildTry): Promise<ChildRun> {
    return new Promise((resolve) => {
      const begin = (child: PoolChild): void => {
        release();
        resolve(child.run(work));
      };
      this.#waiting.add(begin);
      const release = onAbort(work.given, () => {
        if (this.#waiting.delete(begin)) resolve({ outcome: { kind: 'failed', error: stepErrorOf(work.given.reason) }, handlerMs: 0 });
      });
    });
  }

  #handOver(child: PoolChild): void {
    const [begin] = this.#waiting;
    if (!begin) return;
    this.#waiting.delete(begin);
    begin(child);
  }
}
