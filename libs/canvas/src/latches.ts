import type { Latch, StepId } from './plan.js';
import { isDecided, type Run, settlingLatch, type StepState } from './run.js';

export type States = ReadonlyMap<StepId, StepState>;

/** That something did not succeed, and on whose account: on nobody's if it was for an error that did not happen. */
export interface Failure {
  readonly cause?: StepId;
}

/** Whether a latch completes by its join's own settlement only. */
export const isHeld = (latch: Latch): boolean => latch.deadlineMs !== undefined || typeof latch.policy === 'object';

/** Whether what a latch waits for can never begin. */
export const neverBegan = (latch: Latch, states: States): boolean =>
  latch.begins !== undefined && states.get(latch.begins)?.status === 'skipped';

/** Whether all that a latch waits for is decided. From the end, as that is decided last more often than not. */
export const isFull = (latch: Latch, states: States): boolean =>
  latch.waits.findLast((step) => !isDecided(states.get(step))) === undefined;

/** Whether a latch is complete by those it waits for. A held one is not, unless they never began. */
export const isComplete = (latch: Latch, states: States): boolean => (!isHeld(latch) || neverBegan(latch, states)) && isFull(latch, states);

/**
 * Whether an open join has nothing to wait for any more: its quorum is reached or out of reach, or all its members are
 * decided. `without`: a member to be taken as undecided.
 */
export function isDue({ policy, waits }: Latch, states: States, without?: StepId): boolean {
  let succeeded = 0;
  let open = 0;
  for (const step of waits) {
    const state = step === without ? undefined : states.get(step);
    if (!isDecided(state)) open++;
    else if (state?.status === 'succeeded') succeeded++;
  }
  return open === 0 || (typeof policy === 'object' && (succeeded >= policy.quorum || succeeded + open < policy.quorum));
}

/** Whether it is the decision of this step that makes an open join due. */
export const becomesDue = (latch: Latch, states: States, decided: StepId): boolean => isDue(latch, states) && !isDue(latch, states, decided);

/** Why a complete latch fails, if it does: for its first member, in the canvas's order, that did and may not. */
export function failureOf(latch: Latch, states: States): Failure | undefined {
  if (latch.like !== undefined) return firstFailure([latch.like], states);
  if (latch.begins !== undefined && neverBegan(latch, states)) return firstFailure([latch.begins], states);
  if (latch.policy === 'collect' || isReached(latch, states)) return undefined;
  return firstFailure(latch.waits, states) ?? (latch.settles === undefined ? {} : { cause: latch.settles });
}

function isReached({ policy, waits }: Latch, states: States): boolean {
  const needed = typeof policy === 'object' ? policy.quorum : waits.length;
  let succeeded = 0;
  for (const step of waits) if (states.get(step)?.status === 'succeeded') succeeded++;
  return succeeded >= needed;
}

function firstFailure(steps: readonly StepId[], states: States): Failure | undefined {
  for (const step of steps) {
    const state = states.get(step);
    if (state?.status === 'failed' || state?.status === 'skipped') return state.cause === undefined ? {} : { cause: state.cause };
  }
  return undefined;
}

/** Whether a join has begun, is not decided and has a settlement of its own to come. */
export function isOpenJoin(run: Run, id: StepId): boolean {
  const latch = settlingLatch(run, id);
  return latch !== undefined && isHeld(latch) && run.steps.get(id)?.status === 'waiting' && run.steps.get(latch.begins ?? '')?.status !== 'waiting';
}
