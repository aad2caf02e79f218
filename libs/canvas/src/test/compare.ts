import { expect } from 'vitest';
import type { Run, StepState } from '../run.js';

/** A text that two sets of states have in common only if they are equal; shorter to compare than to go through them. */
export const statesText = (states: Iterable<readonly [string, StepState]>): string =>
  [...states].map(([id, state]) => `${id} ${state.status} ${'cause' in state ? state.cause : ''}`).toSorted().join('\n');

/** The same for a whole run. */
export const runText = (run: Run): string =>
  [
    run.status,
    run.cause,
    statesText(run.steps),
    ...[...run.settled].map(([id, settlement]) => `${id} ${JSON.stringify(settlement)}`).toSorted(),
    ...run.plans.map(({ replaces, steps }) => `plan of ${replaces ?? 'the run'}: ${[...steps.keys()].join()}`).toSorted(),
    [...run.replacements.keys()].toSorted().join(),
    [...run.facts.keys()].toSorted().join(),
  ].join('\n');

/** Compared by lines, and only when there is a difference. */
export function expectSame(actual: string, expected: string): void {
  if (actual !== expected) expect(actual.split('\n')).toEqual(expected.split('\n'));
}
