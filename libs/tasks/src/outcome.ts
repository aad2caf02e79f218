import type { Begins, Canvas, Gives } from '@millrace/canvas';
import type { StepError } from '@millrace/contracts';
import { messageOf, MillraceError } from '@millrace/kernel';

/** Returned by a handler whose place a canvas is to take. */
export class Replacement<Result = unknown> {
  /** For the compiler only: what the canvas gives. */
  declare readonly gives?: Result;

  constructor(readonly canvas: Canvas) {}
}

/** `return replace(group([...]))`: the canvas takes the task's place; what follows gets the canvas's result. */
export const replace = <C extends Canvas>(canvas: C & Begins<C>): Replacement<Gives<C>> => new Replacement<Gives<C>>(canvas);

/** What a handler came to; commands the worker. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly value: unknown }
  | { readonly kind: 'replaced'; readonly canvas: Canvas }
  | { readonly kind: 'failed'; readonly error: StepError };

export const outcomeOf = (returned: unknown): Outcome =>
  returned instanceof Replacement ? { kind: 'replaced', canvas: returned.canvas } : { kind: 'succeeded', value: returned };

/** Classifies anything thrown, once. What carries no code is taken for a passing fault and may be retried. */
export function stepErrorOf(thrown: unknown): StepError {
  if (MillraceError.is(thrown)) return { code: thrown.code, message: thrown.message, retryable: thrown.retryable, detail: thrown.detail };
  return { code: 'MILLRACE_TASK_THREW', message: messageOf(thrown).slice(0, 500), retryable: true };
}
