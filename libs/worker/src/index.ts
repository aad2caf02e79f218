export { ack, type Execution, type Executor } from './executor.js';
export { type HandlerRun, HandlerRunner, type HandlerRunnerDeps } from './handler-runner.js';
export { Reporter } from './reporter.js';
export { type ClaimedStep, StepExecutor, type StepExecutorDeps } from './step-executor.js';
export { Worker, type WorkerOptions } from './worker.js';
