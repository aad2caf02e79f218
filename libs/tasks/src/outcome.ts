import type { Begins, Canvas, Gives } from '@millrace/canvas';
import type { StepError } from '@millrace/contracts';
import { messageOf, MillraceError } from '@millrace/kernel';
import type { ErrorMatch, TaskPolicy } from './policy.js';

/** Returned by a handler whose place a canvas is to take. */
export class Replacement<Result = unknown> {
  /** For the compiler only: what the canvas gives. */
  declare readonly gives?: Result;

  constructor(readonly canvas: Canvas) {}
}

/** `return replace(group([...]))`: the canvas takes the task's place; what follows gets the canvas's result. */
export const replace = <C extends Canvas>(canvas: C & Begins<C>): Replacement<Gives<C>> => new Replacement<Gives<C>>(canvas);

/** Returned by a handler that has something else to say than its result. */
export class Verdict {
  constructor(readonly outcome: VerdictOutcome) {}
}

/** What a handler came to; commands the worker. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly value: unknown }
  | { readonly kind: 'replaced'; readonly canvas: Canvas }
  /** Tried again by the task's policy if the error is retryable and there is a try and the time for it. */
  | { readonly kind: 'failed'; readonly error: StepError }
  | VerdictOutcome;

type VerdictOutcome =
  /** As `failed`, and not before `afterMs` if that is longer than the policy's own delay. */
  | { readonly kind: 'retry'; readonly error: StepError; readonly afterMs: number }
  /** The step fails, and its message is kept as a dead letter for somebody to look at. */
  | { readonly kind: 'rejected'; readonly error: StepError }
  /** There was nothing to do: the step succeeds with null. */
  | { readonly kind: 'ignored'; readonly reason: string }
  /** Not yet: this try does not count, and another begins after `delayMs`. */
  | { readonly kind: 'snoozed'; readonly delayMs: number };

const told = (code: string, message: string, retryable: boolean): StepError => ({ code, message: message.slice(0, 500), retryable });

/** `return retry('the gateway is busy', { afterMs: 500 })`: this try failed, another may not. */
export const retry = (reason: string, { afterMs = 0 }: { readonly afterMs?: number } = {}): Verdict =>
  new Verdict({ kind: 'retry', error: told('MILLRACE_TASK_RETRY', reason, true), afterMs });

/** `return reject('no such customer')`: no try will ever succeed. */
export const reject = (reason: string): Verdict => new Verdict({ kind: 'rejected', error: told('MILLRACE_TASK_REJECTED', reason, false) });

/** `return ignore('already paid')`: nothing to do, and nothing is wrong with that. */
export const ignore = (reason: string): Verdict => new Verdict({ kind: 'ignored', reason: reason.slice(0, 500) });

/** `return snooze(2_000)`: the time has not come; try again then, without counting this try. */
export const snooze = (delayMs: number): Verdict => new Verdict({ kind: 'snoozed', delayMs });

export function outcomeOf(returned: unknown): Outcome {
  if (returned instanceof Replacement) return { kind: 'replaced', canvas: returned.canvas };
  return returned instanceof Verdict ? returned.outcome : { kind: 'succeeded', value: returned };
}

/**
 * Classifies anything thrown, once. What carries no code is taken for a passing fault; the task's policy may know better.
 * An error's own `retryAfterMs` (or that in its detail) goes along.
 */
export function stepErrorOf(thrown: unknown, { retryOn, failOn }: Pick<TaskPolicy, 'retryOn' | 'failOn'> = {}): StepError {
  const error = MillraceError.is(thrown)
    ? { code: thrown.code, message: thrown.message, retryable: thrown.retryable, detail: { ...thrown.detail, ...retryAfterOf(thrown) } }
    : { ...told('MILLRACE_TASK_THREW', messageOf(thrown), true), ...withDetail(retryAfterOf(thrown)) };
  if (matches(failOn, thrown, error.code)) return { ...error, retryable: false };
  if (matches(retryOn, thrown, error.code)) return { ...error, retryable: true };
  return retryOn && error.code === 'MILLRACE_TASK_THREW' ? { ...error, retryable: false } : error;
}

/** How long an error asks to wait before the next try, in milliseconds; 0 when it does not. */
export const askedDelayMs = ({ detail }: StepError): number => (typeof detail?.retryAfterMs === 'number' ? Math.max(0, detail.retryAfterMs) : 0);

function matches(rules: readonly ErrorMatch[] = [], thrown: unknown, code: string): boolean {
  return rules.some((rule) => (typeof rule === 'string' ? rule === code || (thrown instanceof Error && rule === thrown.name) : thrown instanceof rule));
}

function retryAfterOf(thrown: unknown): { retryAfterMs?: number } {
  const asked = typeof thrown === 'object' && thrown !== null && 'retryAfterMs' in thrown ? thrown.retryAfterMs : undefined;
  return typeof asked === 'number' && asked >= 0 ? { retryAfterMs: asked } : {};
}

const withDetail = (detail: Readonly<Record<string, unknown>>): Pick<StepError, 'detail'> => (Object.keys(detail).length > 0 ? { detail } : {});
