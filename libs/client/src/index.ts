export { Client, type ClientDeps, type RunOptions } from './client.js';
export { clientErrors } from './errors.js';
export type { RunEvent } from './run-events.js';
export { RunHandle, type WaitOptions } from './run-handle.js';
export type { Dedup } from './run-once.js';
export type { RunView, StepView } from './run-view.js';
