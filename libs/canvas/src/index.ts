export { advance, type Advanced, type Command, create, planStep, releasedBy, replay, type Run, type RunEvent, type Settlement, type StepState } from './advance.js';
export { compile, hasSteps, type Input, type Latch, type LatchId, type Plan, type PlanJoin, type PlanStep, type StepId } from './plan.js';
export {
  type Canvas,
  chain,
  type Chain,
  chord,
  type Chord,
  type FailurePolicy,
  group,
  type Group,
  immutable,
  type MemberOutcome,
  type Signature,
  signature,
} from './signature.js';
export { resolve, type Results, sources } from './value.js';
