import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { began } from './began.js';
import { joinsWithDeadlines } from './commands.js';
import { replay } from './replay.js';
import type { Settlement, StepState } from './run.js';
import { chain, group, onError, signature } from './builders.js';
import { differences } from './test/compare.js';
import { randomCanvas, smallCanvas } from './test/random-canvas.js';
import { Simulation } from './test/simulation.js';

const worlds = fc.tuple(randomCanvas, fc.array(smallCanvas, { maxLength: 3 }), fc.nat());

/** When the last of these was settled; 0 is when the run began. */
const lastOf = (simulation: Simulation, ids: readonly string[]): number => Math.max(0, ...ids.map((id) => simulation.settledAt.get(id) ?? Infinity));

/** A join went on without it; what began it may not count either. */
const isLeftOut = (state: StepState | undefined): boolean => state === undefined || state.status === 'late' || state.status === 'revoked';

describe('began', () => {
  it('names settlements of which the last one is the event that made a step ready, also long after', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const simulation = new Simulation(...world);
        const readyAt = new Map<string, number>();
        const wrong: string[] = [];
        for (const { run, commands } of simulation.happenings()) {
          for (const command of commands) if (command.type === 'dispatch') readyAt.set(command.step, simulation.record.size);
          for (const [step, time] of readyAt) {
            if (isLeftOut(run.steps.get(step))) readyAt.delete(step);
            else wrong.push(...differences(`${step} at ${lastOf(simulation, began(run, step))}`, `${step} at ${time}`));
          }
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });

  it('names the settlements that decided each member of a join, and none for what begins with the run', () => {
    const canvas = chain(group([chain(signature('a'), signature('b')), onError(signature('c'), signature('d'))], 'collect'), signature('e'));
    const settlements = new Map<string, Settlement>([
      ['0', { status: 'failed' }],
      ['2', { status: 'failed' }],
      ['3', { status: 'succeeded' }],
    ]);
    const run = replay(canvas, settlements);
    expect(began(run, '0')).toEqual([]);
    expect(began(run, '3')).toEqual(['2']);
    expect([...began(run, '4')].toSorted()).toEqual(['0', '3']);
  });
});

describe('joinsWithDeadlines', () => {
  it('lists the open joins that have one, with what began them', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const simulation = new Simulation(...world);
        const begunAt = new Map<string, number>();
        const wrong: string[] = [];
        for (const { run, fates } of simulation.happenings()) {
          if (run.status === 'created') continue;
          const expected = [...fates.open].flatMap(([step, { deadlineMs }]) => {
            if (!begunAt.has(step)) begunAt.set(step, simulation.record.size);
            return deadlineMs === undefined ? [] : [`${step}: ${deadlineMs} ms after ${begunAt.get(step)}`];
          });
          const listed = joinsWithDeadlines(run).map(({ step, deadlineMs, after }) => `${step}: ${deadlineMs} ms after ${lastOf(simulation, after)}`);
          wrong.push(...differences(listed.toSorted().join('\n'), expected.toSorted().join('\n')));
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });
});
