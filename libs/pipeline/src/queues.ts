import { type QueueSpec, type Route, Router } from '@millrace/tasks';

const queue = (name: string): QueueSpec => ({ name, leaseMs: 4_000, maxDeliveries: 10 });

/** Every queue of the product. */
export const queues = [queue('orchestration'), queue('datasets'), queue('analyses'), queue('callbacks')] as const;

/** Which queue a task's messages wait in; the first match wins. */
export const routes: readonly Route[] = [
  { task: 'process.initiate', queue: 'orchestration' },
  { task: '*.distribute', queue: 'orchestration' },
  { task: 'callback.deliver', queue: 'callbacks' },
  { task: '*.dataset', queue: 'datasets' },
  { task: '*.*', queue: 'analyses' },
];

/** Throws when a task of the product has no route, or a route has no task. */
export function createRouter(tasks: readonly string[]): Router {
  const router = new Router(routes, queues);
  router.check(tasks);
  return router;
}
