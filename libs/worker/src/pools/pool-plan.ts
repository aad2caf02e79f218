import type { PoolKind, PoolSpec, QueueSpec } from '@millrace/tasks';

export interface PlanInit {
  /** The queues that the worker serves. */
  readonly queues: readonly QueueSpec[];
  /** Instead of what the queues' own specs say; `size` is for all of them together. */
  readonly pool?: Partial<PoolSpec> | undefined;
  /** Handlers at work at once in all `async` pools together. */
  readonly concurrency: number;
  /** Processors that this worker can have. */
  readonly processors: number;
}

export interface AsyncPlan {
  readonly queue: string;
  /** Slots that no other queue can take. */
  readonly own: number;
}

export interface ChildPlan extends Pick<PoolSpec, 'maxTasksPerChild' | 'maxMemoryPerChildMb'> {
  readonly queue: string;
  readonly kind: Exclude<PoolKind, 'async'>;
  readonly least: number;
  readonly most: number;
}

/** What pools a worker has. */
export interface PoolPlan {
  readonly inProcess: readonly AsyncPlan[];
  /** Slots that any `async` pool can take. */
  readonly common: number;
  readonly ofChildren: readonly ChildPlan[];
  /** The processors that each child can have, if all of them are at work; without children, the worker's. */
  readonly processorsEach: number;
}

/**
 * `async` pools share the worker's concurrency: half of it is shared out by weight, at least one slot to each queue; the
 * other half goes to whoever needs it. Pools of children have as many as they were given or, by weight, one a processor.
 */
export function poolPlan({ queues, pool = {}, concurrency, processors }: PlanInit): PoolPlan {
  const specs = queues.map((queue) => ({ queue, spec: { ...queue.pool, ...definedOf(pool), kind: poolKindOf(queue, pool) } }));
  const inProcess = specs.flatMap(({ queue, spec }) => (spec.kind === 'async' ? [queue] : []));
  const own = inProcess.length === 1 ? [concurrency] : wholeShares(Math.floor(concurrency / 2), inProcess);
  const withChildren = specs.flatMap(({ queue, spec: { kind, ...spec } }) => (kind === 'async' ? [] : [{ queue, spec, kind }]));
  const shares = wholeShares(pool.size ?? processors, withChildren.map(({ queue }) => queue));
  const ofChildren = withChildren.map(({ queue, kind, spec: { size, minSize, ...spec } }, i): ChildPlan => {
    const most = (pool.size === undefined ? size : undefined) ?? shares[i] ?? 1;
    return { ...spec, queue: queue.name, kind, most, least: Math.min(most, minSize ?? most) };
  });
  return {
    inProcess: inProcess.map(({ name }, i) => ({ queue: name, own: own[i] ?? 1 })),
    common: Math.max(0, concurrency - own.reduce((sum, each) => sum + each, 0)),
    ofChildren,
    processorsEach: Math.max(1, Math.floor(processors / Math.max(1, ofChildren.reduce((sum, { most }) => sum + most, 0)))),
  };
}

/** Where the handlers of a queue run; `pool`: what is said instead of the queue's own spec. */
export const poolKindOf = (queue: QueueSpec, pool: Partial<PoolSpec> = {}): PoolKind => pool.kind ?? queue.pool?.kind ?? 'async';

/** `total` as whole numbers in about the proportion of the weights, each at least 1; so together they may be more. */
function wholeShares(total: number, queues: readonly QueueSpec[]): readonly number[] {
  const sum = queues.reduce((all, { weight = 1 }) => all + weight, 0);
  return queues.map(({ weight = 1 }) => Math.max(1, Math.floor((total * weight) / sum)));
}

const definedOf = (pool: Partial<PoolSpec>): Partial<PoolSpec> => Object.fromEntries(Object.entries(pool).filter(([, value]) => value !== undefined));
