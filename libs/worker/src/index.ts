export { type ClaimedStep, policyOf } from './claimed-step.js';
export { ack, type Execution, type Executor } from './executor.js';
export { type HandlerRun, HandlerRunner, type HandlerRunnerDeps } from './handler-runner.js';
export { Reporter } from './reporter.js';
export { ShardExecutor } from './shard-executor.js';
export { StepExecutor, type StepExecutorDeps } from './step-executor.js';
export { TaskExecutor, type TaskExecutorDeps } from './task-executor.js';
export { Worker, type WorkerOptions } from './worker.js';
