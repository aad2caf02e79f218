import { canvasErrors } from './errors.js';
import type { Input, Outcome, StepId } from './plan.js';
import { planJoin, type Run } from './run.js';

/** How a value is found: a settled task's result, or what became of it. */
export interface Results {
  /** The result of a step that succeeded. */
  valueOf(step: StepId): unknown;
  /** Why a step failed; asked with the step that failed first, not with one skipped for it. */
  errorOf(step: StepId): unknown;
}

/**
 * The value an input stands for: results in the canvas's order, nested groups as nested arrays. Under `collect` and a
 * quorum each member is a `MemberOutcome`.
 */
export function resolve(run: Run, input: Input, results: Results): unknown {
  if (input === null) return undefined;
  if ('step' in input) {
    const inner = innerOf(run, input.step);
    return inner === undefined ? results.valueOf(input.step) : resolve(run, inner, results);
  }
  if ('errorOf' in input) return errorOf(run, input.errorOf, results);
  if ('outcomes' in input) return input.outcomes.map((member) => outcomeOf(run, member, results));
  if ('join' in input) return input.join.map((member) => resolve(run, member, results));
  return input.concat.flatMap((part) => resolve(run, part, results));
}

/** The steps whose results an input needs. */
export function sources(run: Run, input: Input): readonly StepId[] {
  if (input === null || 'errorOf' in input) return [];
  if ('step' in input) {
    const inner = innerOf(run, input.step);
    return inner === undefined ? [input.step] : sources(run, inner);
  }
  if ('join' in input) return input.join.flatMap((member) => sources(run, member));
  if ('concat' in input) return input.concat.flatMap((part) => sources(run, part));
  return input.outcomes.flatMap((member) => ('value' in member && statusOf(run, member.by) === 'succeeded' ? sources(run, member.value) : []));
}

/** What stands behind a join or a replaced step. */
const innerOf = (run: Run, step: StepId): Input | undefined => (planJoin(run, step) ?? run.replacements.get(step))?.output;

/** A `MemberOutcome`. */
function outcomeOf(run: Run, member: Outcome, results: Results): unknown {
  if ('never' in member) return { status: member.never };
  const status = statusOf(run, member.by);
  if (status === 'succeeded') return { status, value: resolve(run, member.value, results) };
  if (status === 'late' || status === 'revoked') return { status };
  return { status: 'failed', error: member.by === null ? undefined : errorOf(run, member.by, results) };
}

/** What does not run has succeeded from the start. */
const statusOf = (run: Run, step: StepId | null) => (step === null ? 'succeeded' : run.steps.get(step)?.status);

/** The error that a step or a join failed with or was skipped for. */
function errorOf(run: Run, step: StepId, results: Results): unknown {
  const state = run.steps.get(step);
  const cause = state?.status === 'failed' || state?.status === 'skipped' ? state.cause : undefined;
  if (cause === undefined) return undefined;
  if (!planJoin(run, cause)) return results.errorOf(cause);
  const { code, message, retryable, detail } = canvasErrors.error('MILLRACE_CANVAS_JOIN_LATE', `the deadline of join ${cause} passed`, { detail: { join: cause } });
  return { code, message, retryable, detail };
}
