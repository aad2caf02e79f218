import { planStep, type StepId } from '@millrace/canvas';
import type { TaskMessage } from '@millrace/contracts';
import { type EngineSettings, progressOf, stepTimes } from '@millrace/engine';
import type { Clock, MillraceError, Random } from '@millrace/kernel';
import type { RunRecord } from '@millrace/run-store';
import { askedDelayMs, backoffMs, type Outcome, taskErrors, type TaskRegistry } from '@millrace/tasks';
import { type ClaimedStep, countsOf, policyOf } from './claimed-step.js';

interface RuleDeps {
  readonly registry: TaskRegistry;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: EngineSettings;
}

/** A step as a claim left it. Throws RangeError for a step that the run does not have. */
export function claimedStep(run: RunRecord, id: StepId, claimedAt: number): ClaimedStep {
  const step = planStep(progressOf(run), id);
  if (!step) throw new RangeError(`run ${run.id} has no step ${id}`);
  return { id, step, run, claimedAt, ...countsOf(run.steps[id]) };
}

/** How long a message is still to wait, in milliseconds; 0 when it is due. */
export const earlyBy = ({ notBefore = 0 }: TaskMessage, now: number): number => Math.max(0, notBefore - now);

/** Why a step must not be tried at all: it was begun too often, or its first try comes too late. */
export function refusal({ settings }: RuleDeps, { id, run, step, attempt, cutShort, claimedAt }: ClaimedStep): MillraceError | undefined {
  const { task, options } = step.signature;
  if (cutShort >= settings.maxClaims) {
    return taskErrors.error('MILLRACE_TASK_POISON', `${task} was begun ${cutShort} times without coming to a result`);
  }
  const { expiresAt = Infinity } = options?.expiresMs === undefined ? {} : stepTimes(run, progressOf(run), id.split('#', 1)[0] ?? id, options);
  if (attempt > 1 || claimedAt <= expiresAt) return undefined;
  return taskErrors.error('MILLRACE_TASK_EXPIRED', `${task} was not begun within ${options?.expiresMs} ms`);
}

/** That a step is to be tried once more, after so many milliseconds, and how the try that ends is counted. */
export interface Again {
  readonly delayMs: number;
  readonly counted: 'fail' | 'snooze';
}

/** Undefined when the outcome is final. */
export function againAfter(deps: RuleDeps, tried: ClaimedStep, outcome: Outcome): Again | undefined {
  const isSnoozed = outcome.kind === 'snoozed';
  const delayMs = isSnoozed ? Math.max(0, outcome.delayMs) : retryDelay(deps, tried, outcome);
  const isInTime = delayMs !== undefined && deps.clock.now() + delayMs < tried.run.finaliseAt;
  return isInTime ? { delayMs, counted: isSnoozed ? 'snooze' : 'fail' } : undefined;
}

function retryDelay({ registry, random }: RuleDeps, { step, attempt }: ClaimedStep, outcome: Outcome): number | undefined {
  if ((outcome.kind !== 'failed' && outcome.kind !== 'retry') || !outcome.error.retryable) return undefined;
  const policy = policyOf(registry.get(step.signature.task), step);
  if (attempt >= policy.maxAttempts) return undefined;
  const askedMs = outcome.kind === 'retry' ? outcome.afterMs : askedDelayMs(outcome.error);
  return Math.max(askedMs, backoffMs(policy, attempt, random));
}
