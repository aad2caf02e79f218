export { isAlive, PoolWorker, type Said } from './pool-worker.js';
export type { WorkerInit } from './worker-process.js';
export { tasks as poolTasks } from './workload.js';
