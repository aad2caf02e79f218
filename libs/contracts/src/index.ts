export { apiErrors } from './api-errors.js';
export { artifactRef, type ArtifactRef } from './artifact.js';
export {
  accepted,
  type Accepted,
  budgetReport,
  type BudgetReport,
  callbackEvent,
  type CallbackEvent,
  callbackView,
  type CallbackView,
  deliveryAttempt,
  type DeliveryAttempt,
  ingestionEvent,
  type IngestionEvent,
  ingestionList,
  type IngestionList,
  ingestionStatus,
  type IngestionStatus,
  ingestionSummary,
  type IngestionSummary,
  ingestionView,
  type IngestionView,
  listQuery,
  type ListQuery,
  taskView,
  type TaskView,
} from './ingestion.js';
export { ingestionOptions, type IngestionOptions, type IngestionTerms, json, metadata, type Metadata } from './ingestion-options.js';
export { manifest, type Manifest, manifestContentType } from './manifest.js';
export { problem, type Problem } from './problem.js';
export { type ObjectSource, objectSource, type SourceReference, sourceReference } from './source-reference.js';
export { stepError, type StepError } from './step-error.js';
export { decodeTaskMessage, encodeTaskMessage, messageErrors, taskMessage, type TaskMessage } from './task-message.js';
