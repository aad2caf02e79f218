import { Slots } from '@millrace/kernel';
import type { AnyTask, PoolKind, Router } from '@millrace/tasks';
import type { HandlerRunnerDeps } from '../handler-runner.js';
import { AsyncPool } from './async-pool.js';
import type { Launch } from './child-link.js';
import { ChildPool } from './child-pool.js';
import type { CrewDeps } from './crew.js';
import { poolErrors } from './errors.js';
import type { Arguments, HandlerRun, Pool, Try, TryRunner } from './pool.js';
import { type ChildPlan, type PlanInit, poolPlan } from './pool-plan.js';

/** How the children of a worker's pools are started. */
export interface Children {
  launch(kind: Exclude<PoolKind, 'async'>): Launch;
  /** What a child is told to begin with; `processors`: how many of them it can have. */
  setup(processors: number): unknown;
}

export interface WorkerPoolsOptions extends PlanInit {
  readonly router: Pick<Router, 'queueOf'>;
  /** Needed for queues with `thread` and `prefork` pools. */
  readonly children?: Children | undefined;
}

/** How much of a pool is in use. */
export interface PoolUse {
  readonly name: string;
  readonly slots: number;
  readonly busy: number;
}

/** The pools of a worker, one for each of its queues. */
export class WorkerPools implements TryRunner {
  readonly #pools = new Map<string, Pool>();
  readonly #common: Slots;

  /** Throws MILLRACE_POOL_WORKLOAD when a queue needs children and it is not said how to start them. */
  constructor(
    private readonly options: WorkerPoolsOptions,
    private readonly deps: HandlerRunnerDeps & CrewDeps,
  ) {
    const { inProcess, common, ofChildren, processorsEach } = poolPlan(options);
    this.#common = new Slots(common);
    for (const { queue, own } of inProcess) this.#add(queue, new AsyncPool(new Slots(own, this.#common), deps));
    for (const plan of ofChildren) this.#add(plan.queue, this.#childPool(plan, processorsEach));
  }

  /** Resolves when every pool can run its first try; rejects with MILLRACE_POOL_CHILD. */
  async start(): Promise<void> {
    await Promise.all(Array.from(this.#pools.values(), (pool) => pool.start()));
  }

  /** Ends the children. Handlers are to have ended before. */
  async stop(): Promise<void> {
    await Promise.all(Array.from(this.#pools.values(), (pool) => pool.stop()));
  }

  run(task: AnyTask, tried: Try, previous: Arguments, given: AbortSignal): Promise<HandlerRun> {
    const { options, task: name } = tried.step.signature;
    return this.of(options?.queue ?? this.options.router.queueOf(name)).run(task, tried, previous, given);
  }

  /** The pool of a queue. One that the worker came to serve only later has an `async` pool of one slot and the common ones. */
  of(queue: string): Pool {
    return this.#pools.get(queue) ?? this.#add(queue, new AsyncPool(new Slots(1, this.#common), this.deps));
  }

  hasChildren(queue: string): boolean {
    return this.#pools.get(queue) instanceof ChildPool;
  }

  readonly slotsOf = (queue: string): Slots => this.of(queue).slots;

  get use(): readonly PoolUse[] {
    const pools = Array.from(this.#pools, ([name, { slots }]) => ({ name, slots: slots.own, busy: slots.busy }));
    return this.#common.own > 0 ? [...pools, { name: 'common', slots: this.#common.own, busy: 0 }] : pools;
  }

  /** Gives as many slots to the pool of a queue, to `common`, or to `main`, the only pool. Resolves, then, with whether there is such a pool. */
  async resize(name: string, slots: number): Promise<boolean> {
    if (name === 'common') {
      this.#common.resize(slots);
      return true;
    }
    const [first, ...others] = this.#pools.values();
    const pool = this.#pools.get(name) ?? (name === 'main' && others.length === 0 ? first : undefined);
    await pool?.resize(slots);
    return pool !== undefined;
  }

  #add(queue: string, pool: Pool): Pool {
    this.#pools.set(queue, pool);
    return pool;
  }

  #childPool(plan: ChildPlan, processors: number): Pool {
    const { children } = this.options;
    if (children) return new ChildPool({ ...plan, launch: children.launch(plan.kind), setup: children.setup(processors) }, this.deps);
    throw poolErrors.error('MILLRACE_POOL_WORKLOAD', `queue ${plan.queue} has a ${plan.kind} pool, but nothing says which module its children are to load`);
  }
}
