import { began } from './began.js';
import { becomesDue, isComplete, isDue, isOpenJoin } from './latches.js';
import type { LatchId, StepId } from './plan.js';
import { isWithin, latchOf, type Run, settlingLatch } from './run.js';

export type Command =
  | { readonly type: 'dispatch'; readonly step: StepId }
  /** To settle a join: it has nothing to wait for any more, and the rest is `revoked`, or its time is up. */
  | { readonly type: 'join'; readonly step: StepId; readonly rest: 'late' | 'revoked' }
  | { readonly type: 'finish'; readonly status: 'succeeded' | 'failed' };

/**
 * What the settlement of `id` released in a run that has it worked in already, provided that it was the last one worked
 * in: the commands that `advance` gave for it, without working it in again. Nothing when it does not count.
 */
export function releasedBy(run: Run, id: StepId): readonly Command[] {
  if (!run.settled.has(id)) return [];
  const entry = run.replacements.get(id)?.entry ?? [];
  return entry.length > 0 ? dispatches(run, entry) : releasedByDecision(run, id);
}

/** Follows what a decision completed, each latch once: steps skipped together complete the same one. */
function releasedByDecision(run: Run, id: StepId): readonly Command[] {
  const commands: Command[] = [];
  const followed = new Set<LatchId>();
  const decided = [id];
  for (const next of decided) {
    const latch = latchOf(run, next);
    const { settles } = latch;
    if (followed.has(latch.id)) continue;
    if (!isComplete(latch, run.steps)) {
      if (settles !== undefined && becomesDue(latch, run.steps, next)) commands.push({ type: 'join', step: settles, rest: 'revoked' });
      continue;
    }
    followed.add(latch.id);
    commands.push(...dispatches(run, latch.releases));
    decided.push(...latch.releases.filter((step) => run.steps.get(step)?.status === 'skipped'));
    if (settles !== undefined) decided.push(settles);
    if (latch.ends) commands.push(...finishes(run));
  }
  return commands;
}

const dispatches = (run: Run, steps: readonly StepId[]): readonly Command[] =>
  steps.filter((step) => run.steps.get(step)?.status === 'ready').map((step) => ({ type: 'dispatch', step }));

const finishes = ({ status }: Run): readonly Command[] => (status === 'succeeded' || status === 'failed' ? [{ type: 'finish', status }] : []);

/** All that a run calls for as it stands, also what was called for before. */
export function callsFor(run: Run): readonly Command[] {
  const commands = [...finishes(run), ...dispatches(run, [...run.steps.keys()])];
  for (const plan of run.plans) {
    for (const step of plan.joins.keys()) {
      const latch = settlingLatch(run, step);
      if (latch && isOpenJoin(run, step) && isDue(latch, run.steps)) commands.push({ type: 'join', step, rest: 'revoked' });
    }
  }
  return commands;
}

/** What the settlement of an open join is to count if it is made of the run as it stands. */
export const countedBy = (run: Run, join: StepId): readonly StepId[] => [...run.settled.keys()].filter((id) => isWithin(run, id, join));

export interface JoinWithDeadline {
  readonly step: StepId;
  /** Milliseconds after it began. */
  readonly deadlineMs: number;
  /** It began when the last of these was settled; without any, when the run began. */
  readonly after: readonly StepId[];
}

/** The open joins that have a deadline. */
export function joinsWithDeadlines(run: Run): readonly JoinWithDeadline[] {
  return run.plans.flatMap((plan) =>
    plan.deadlines.flatMap((step): readonly JoinWithDeadline[] => {
      const { deadlineMs } = settlingLatch(run, step) ?? {};
      return deadlineMs !== undefined && isOpenJoin(run, step) ? [{ step, deadlineMs, after: began(run, step) }] : [];
    }),
  );
}
