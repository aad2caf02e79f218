export { runStoreErrors } from './errors.js';
export { decodeFlat, decodeRecord, firstFields, type FlatFields, type RecordFields } from './record-codec.js';
export { inListOrder, type ListRuns, type RunPage, type RunPosition, takeNewest } from './run-list.js';
export {
  type DeliveryRecord,
  type FinalRecord,
  openClaims,
  type RunHead,
  type RunRecord,
  type RunStatus,
  type StepRecord,
  type StepResult,
  type StepSettlement,
  type StepTiming,
  terminalStatuses,
  untouchedStep,
} from './run-record.js';
export type {
  CreateOptions,
  DeliveryEnd,
  MemberChange,
  MembersAt,
  MembersTransition,
  RunStore,
  SettleThen,
  StepAt,
  Transition,
  WatchScope,
} from './run-store.js';
