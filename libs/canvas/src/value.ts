import type { Run } from './advance.js';
import type { Input, StepId } from './plan.js';

/** How a value is found: a settled task's result, or what became of it. */
export interface Results {
  /** The result of a step that succeeded. */
  valueOf(step: StepId): unknown;
  /** Why a step failed; asked with the step that failed first, not with one skipped for it. */
  errorOf(step: StepId): unknown;
}

/**
 * The value an input stands for: results in the canvas's order, nested groups as nested arrays. Under `collect` each
 * member is a `MemberOutcome`.
 */
export function resolve(run: Run, input: Input, results: Results): unknown {
  if (input === null) return undefined;
  if ('step' in input) {
    const inner = innerOf(run, input.step);
    return inner === undefined ? results.valueOf(input.step) : resolve(run, inner, results);
  }
  if (input.policy === 'all') return input.join.map((member) => resolve(run, member, results));
  return input.join.map((member) => {
    const cause = causeOf(run, member);
    return cause === undefined ? { status: 'succeeded', value: resolve(run, member, results) } : { status: 'failed', error: results.errorOf(cause) };
  });
}

/** The steps whose results an input needs. */
export function sources(run: Run, input: Input): readonly StepId[] {
  if (input === null) return [];
  if ('step' in input) {
    const inner = innerOf(run, input.step);
    return inner === undefined ? [input.step] : sources(run, inner);
  }
  return input.join.flatMap((member) => sources(run, member));
}

/** What stands behind a join or a replaced step. */
function innerOf(run: Run, step: StepId): Input | undefined {
  for (const plan of run.plans) {
    const join = plan.joins.get(step);
    if (join) return join.output;
    if (plan.replaces === step) return plan.output;
  }
  return undefined;
}

function causeOf(run: Run, member: Input): StepId | undefined {
  if (member === null || !('step' in member)) return undefined;
  const state = run.steps.get(member.step);
  return state?.status === 'failed' || state?.status === 'skipped' ? state.cause : undefined;
}
