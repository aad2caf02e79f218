export type { Calls, Missing, Trailing } from './calls.js';
export { taskErrors } from './errors.js';
export { type Outcome, outcomeOf, replace, Replacement, stepErrorOf } from './outcome.js';
export { backoffMs, defaultPolicy, type TaskPolicy } from './policy.js';
export { TaskRegistry } from './registry.js';
export { globPattern, type QueueSpec, type Route, Router } from './routing.js';
export { type AnyTask, type ArgsSchema, type Artifacts, defineTask, type Task, type TaskContext, type TaskHandler, type TaskHooks, type TaskInit, type TaskLog } from './task.js';
