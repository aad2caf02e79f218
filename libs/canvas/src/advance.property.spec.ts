import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from './advance.js';
import type { Command } from './commands.js';
import { planJoin, planStep, type Run } from './run.js';
import { differences, runText, statesText } from './test/compare.js';
import type { Fates } from './test/fates.js';
import { happensBefore } from './test/happens-before.js';
import { randomCanvas, smallCanvas } from './test/random-canvas.js';
import { heldIdsOf, Simulation } from './test/simulation.js';

const worlds = fc.tuple(randomCanvas, fc.array(smallCanvas, { maxLength: 3 }), fc.nat());

describe('advance', () => {
  it('agrees with the canvas after every event: under any order, repetition, contradiction and failure', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const wrong: string[] = [];
        for (const { run, fates } of new Simulation(...world).happenings()) {
          if (run.status === 'created') continue;
          wrong.push(...differences(statesText(comparable(run)), statesText(fates.states)));
          wrong.push(...differences(run.status, fates.result.is === 'open' ? 'running' : fates.result.is));
          wrong.push(...differences(`${run.cause}`, `${fates.result.is === 'failed' ? fates.result.cause : undefined}`));
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
  });

  it('calls for every step, every due join and the end exactly once, as soon as the canvas allows and no sooner', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const simulation = new Simulation(...world);
        const before = Map.groupBy(happensBefore(simulation.node), ([, after]) => after);
        const called: string[] = [];
        const wrong: string[] = [];
        for (const { run, commands, fates, fatesBefore } of simulation.happenings()) {
          const expected = run.status === 'created' ? [] : newIn(fates, called.length === 0 ? undefined : fatesBefore);
          wrong.push(...differences(commands.map(nameOf).toSorted().join('\n'), expected.toSorted().join('\n')));
          called.push(...commands.map(nameOf));
          const steps = commands.flatMap((command) => (command.type === 'dispatch' ? [command.step] : []));
          const early = steps.flatMap((step) => before.get(step) ?? []).filter(([first]) => isOpen(run, first));
          wrong.push(...early.map(([first, second]) => `${second} before ${first}`));
        }
        expect(wrong).toEqual([]);
        expect(new Set(called).size).toBe(called.length);
        expect(called).toContain('finish');
      }),
      { numRuns: 1_500 },
    );
  });

  it('changes nothing for what it has heard of, and never the run it was given', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        let text: string | undefined;
        const wrong: string[] = [];
        for (const { before, run, commands, isNews } of new Simulation(...world).happenings()) {
          wrong.push(...differences(runText(before), text ?? runText(before)));
          text = runText(run);
          if (!isNews && (run !== before || commands.length > 0)) wrong.push('something changed');
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 700 },
    );
  });

  it('comes to the same end whatever the order in which a run’s settlements are heard', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const simulation = new Simulation(...world);
        for (const _ of simulation.happenings());
        const events = [...simulation.record].map(([step, settlement]) => ({ type: 'settled', step, settlement }) as const);
        const run = simulation.shuffled([{ type: 'started' } as const, ...events]).reduce((before, event) => advance(before, event).run, simulation.created);
        expect(differences(runText(run), runText(simulation.run))).toEqual([]);
      }),
      { numRuns: 700 },
    );
  });
});

/** Ordinary joins are not to be seen on the canvas. */
const comparable = (run: Run) => {
  const held = new Set(run.plans.flatMap(heldIdsOf));
  return [...run.steps].filter(([id]) => !planJoin(run, id) || held.has(id));
};

const nameOf = (command: Command): string => (command.type === 'finish' ? 'finish' : `${command.type} ${command.step}`);

/** What the canvas calls for and did not before. */
function newIn(fates: Fates, before: Fates | undefined): readonly string[] {
  const old = new Set(before ? callsIn(before) : []);
  return callsIn(fates).filter((call) => !old.has(call));
}

const callsIn = ({ states, open, result }: Fates): string[] => [
  ...[...states].filter(([, { status }]) => status === 'ready').map(([id]) => `dispatch ${id}`),
  ...[...open].filter(([, { isDue }]) => isDue).map(([id]) => `join ${id}`),
  ...(result.is === 'open' ? [] : ['finish']),
];

const isOpen = (run: Run, id: string): boolean => {
  const status = run.steps.get(id)?.status;
  return planStep(run, id) !== undefined && (status === 'waiting' || status === 'ready' || status === 'replaced');
};
