import { taskErrors } from './errors.js';

/** `async`: on the event loop of the worker. `thread`: in threads of it. `prefork`: in child processes. See docs/pools.md. */
export type PoolKind = 'async' | 'thread' | 'prefork';

/** How a queue's handlers are run. All but `kind` is for pools with children. */
export interface PoolSpec {
  readonly kind: PoolKind;
  /** Children at most; default: the worker's concurrency, else the CPU limit of its container. */
  readonly size?: number | undefined;
  /** Children at least; more are started when all are at work, and ended when idle. Default: `size`. */
  readonly minSize?: number | undefined;
  /** A child is replaced after as many tries; default: never. */
  readonly maxTasksPerChild?: number | undefined;
  /** A child that holds more, in megabytes, is replaced after its try: resident memory, of a thread its heap. Default: never. */
  readonly maxMemoryPerChildMb?: number | undefined;
}

/** One queue of the product, in the one place where all are listed. Times in milliseconds. */
export interface QueueSpec {
  readonly name: string;
  /** How long a delivery stays hidden unless extended. */
  readonly leaseMs: number;
  /** Deliveries after which the broker gives up on a message. */
  readonly maxDeliveries: number;
  /** How long its messages, receives and acks may wait to share a request that costs money. Default 0: no delay. See docs/brokers.md. */
  readonly batchMs?: number;
  /** Default: `async`. */
  readonly pool?: PoolSpec;
  /** Its share of the slots of a worker that serves several queues, against theirs. Default 1. */
  readonly weight?: number;
}

/** Task names that match `task`, a glob (`*` within a segment, `**` across) or RegExp, go to `queue`. */
export interface Route {
  readonly task: string | RegExp;
  readonly queue: string;
}

/** Turns task names into queue names; the first matching route wins. */
export class Router {
  readonly #routes: ReadonlyArray<{ readonly pattern: RegExp; readonly queue: string }>;
  readonly #queues = new Map<string, QueueSpec>();
  readonly #known = new Map<string, string>();

  constructor(
    private readonly routes: readonly Route[],
    queues: readonly QueueSpec[],
  ) {
    for (const queue of queues) this.#queues.set(queue.name, queue);
    this.#routes = routes.map(({ task, queue }) => ({ pattern: typeof task === 'string' ? globPattern(task) : task, queue }));
  }

  get queues(): readonly QueueSpec[] {
    return [...this.#queues.values()];
  }

  /** Throws MILLRACE_ROUTE_MISSING when nothing matches. */
  queueOf(task: string): string {
    const known = this.#known.get(task);
    if (known !== undefined) return known;
    const route = this.#routes.find(({ pattern }) => pattern.test(task));
    if (!route) throw taskErrors.error('MILLRACE_ROUTE_MISSING', `no route matches task ${task}`);
    this.#known.set(task, route.queue);
    return route.queue;
  }

  /** Throws for a route without a queue, a task without a route, or a route that no task takes. */
  check(tasks: readonly string[]): void {
    const used = new Set<RegExp>();
    for (const { queue } of this.#routes) {
      if (!this.#queues.has(queue)) throw taskErrors.error('MILLRACE_ROUTE_DEAD', `a route names queue ${queue}, which does not exist`);
    }
    for (const task of tasks) {
      this.queueOf(task);
      const taken = this.#routes.find(({ pattern }) => pattern.test(task));
      if (taken) used.add(taken.pattern);
    }
    const dead = this.#routes.findIndex(({ pattern }) => !used.has(pattern));
    if (dead >= 0) throw taskErrors.error('MILLRACE_ROUTE_DEAD', `route ${String(this.routes[dead]?.task)} matches no task`);
  }
}

/** `orders.*` matches `orders.dataset` but not `orders.eu.dataset`; `orders.**` matches both. */
export function globPattern(glob: string): RegExp {
  const source = glob
    .split('**')
    .map((part) => part.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '[^.]*'))
    .join('.*');
  return new RegExp(`^${source}$`);
}
