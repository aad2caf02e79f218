export { apiErrors } from './api-errors.js';
export { artifactRef, type ArtifactRef } from './artifact.js';
export {
  type BudgetReport,
  type CallbackEvent,
  type DeliveryAttempt,
  ingestionOptions,
  type IngestionOptions,
  type IngestionStatus,
  type IngestionView,
  type TaskView,
} from './ingestion.js';
export type { Problem } from './problem.js';
export type { StepError } from './step-error.js';
export { decodeTaskMessage, encodeTaskMessage, messageErrors, taskMessage, type TaskMessage } from './task-message.js';
