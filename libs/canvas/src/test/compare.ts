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

/** The lines that only one of two texts has. To be collected, as to expect something after each of many events takes long. */
export function differences(actual: string, expected: string): readonly string[] {
  if (actual === expected) return [];
  const [told, wanted] = [actual.split('\n'), expected.split('\n')];
  return [...told.filter((line) => !wanted.includes(line)).map((line) => `is: ${line}`), ...wanted.filter((line) => !told.includes(line)).map((line) => `should be: ${line}`), 'or the same lines another number of times'];
}
