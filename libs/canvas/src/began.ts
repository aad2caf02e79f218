import type { StepId } from './plan.js';
import { planOf, type Run, settlingLatch } from './run.js';

/**
 * The steps and joins with settlements of their own of which the last one to be settled made a step ready, or began a
 * join; none if the run's start did.
 */
export function began(run: Run, id: StepId): readonly StepId[] {
  const settled = new Set<StepId>();
  const decided = new Set(before(run, id, settled));
  for (const each of decided) for (const earlier of decidedBy(run, each, settled)) decided.add(earlier);
  return [...settled];
}

/** What the latch before a step waits for. A plan's first steps begin when the step it replaces is settled. */
function before(run: Run, id: StepId, settled: Set<StepId>): readonly StepId[] {
  const plan = planOf(run, id);
  const gate = plan?.latches.get(plan.gates.get(settlingLatch(run, id)?.begins ?? id) ?? '');
  if (!gate && plan?.replaces !== undefined) settled.add(plan.replaces);
  return gate?.waits ?? [];
}

/** What stands behind a decision that has no settlement of its own. */
function decidedBy(run: Run, id: StepId, settled: Set<StepId>): readonly StepId[] {
  if (run.steps.get(id)?.status === 'skipped') return before(run, id, settled);
  const plan = run.replacements.get(id);
  if (plan && plan.entry.length > 0) return plan.latches.get(plan.end)?.waits ?? [];
  if (run.settled.has(id)) {
    settled.add(id);
    return [];
  }
  return settlingLatch(run, id)?.waits ?? [];
}
