export { advance, type Advanced, foresee, type RunEvent } from './advance.js';
export { began } from './began.js';
export { callsFor, type Command, countedBy, joinsWithDeadlines, type JoinWithDeadline, releasedBy } from './commands.js';
export { compile, type Under } from './compiler.js';
export { hasSteps } from './members.js';
export type { Call, Input, Latch, LatchId, Outcome, Plan, PlanBranch, PlanJoin, PlanShard, PlanStep, StepId } from './plan.js';
export { extend, replay } from './replay.js';
export { create, planJoin, planOf, planStep, type Run, type Settlement, type Settlements, type StepState } from './run.js';
export { branch, chain, chord, chunks, type ChunksOptions, group, type GroupOptions, immutable, map, onError, quorum, signature, starmap, withOptions } from './builders.js';
export { canvasErrors } from './errors.js';
export type { Begins, Fits, Flow, Gives, ItemsOf, Nothing, RowsOf, Several, Takes, ValueOf } from './flow.js';
export { parseCanvas } from './json.js';
export { mermaidOf } from './mermaid.js';
export { mermaidOfRun, type StepNote } from './mermaid-run.js';
export { printCanvas } from './print.js';
export { signaturesOf } from './signatures.js';
export type {
  Branch,
  Canvas,
  Chain,
  Chord,
  Chunks,
  Each,
  FailurePolicy,
  Group,
  Items,
  MemberOutcome,
  OnError,
  Range,
  Signature,
  SignatureOptions,
} from './signature.js';
export { resolve, type Results, sources } from './value.js';
