export type { Calls, Missing, Trailing } from './calls.js';
export { taskErrors } from './errors.js';
export { askedDelayMs, ignore, type Outcome, outcomeOf, reject, replace, Replacement, retry, snooze, stepErrorOf, Verdict } from './outcome.js';
export { backoffMs, type CachePolicy, defaultPolicy, type ErrorMatch, type TaskPolicy } from './policy.js';
export { parseRate, type Rate } from './rate.js';
export { TaskRegistry } from './registry.js';
export { globPattern, type PoolKind, type PoolSpec, type QueueSpec, type Route, Router } from './routing.js';
export { type AnyTask, type ArgsSchema, type Artifacts, defineTask, type Task, type TaskContext, type TaskHandler, type TaskHooks, type TaskInit, type TaskLog } from './task.js';
