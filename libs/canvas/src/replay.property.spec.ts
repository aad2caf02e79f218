import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chain, group, signature } from './builders.js';
import { advance, foresee } from './advance.js';
import { callsFor, countedBy, releasedBy } from './commands.js';
import { extend, replay } from './replay.js';
import { isDecided, isWithin, type Run, type StepState } from './run.js';
import { differences, runText, statesText } from './test/compare.js';
import { randomCanvas, smallCanvas } from './test/random-canvas.js';
import { Simulation } from './test/simulation.js';

const worlds = fc.tuple(randomCanvas, fc.array(smallCanvas, { maxLength: 3 }), fc.nat());

describe('replay', () => {
  it('comes to what the events came to', () => {
    fc.assert(
      fc.property(worlds, ([canvas, ...rest]) => {
        const simulation = new Simulation(canvas, ...rest);
        const wrong: string[] = [];
        for (const { run } of simulation.happenings()) {
          if (run.status !== 'created' && simulation.pick(3) === 0) wrong.push(...differences(runText(replay(canvas, simulation.record)), runText(run)));
        }
        wrong.push(...differences(runText(replay(canvas, new Map(simulation.shuffled(simulation.record)))), runText(simulation.run)));
        expect(wrong).toEqual([]);
      }),
      { numRuns: 1_200 },
    );
  });

  it('follows each latch once when all that it waits for is skipped together', () => {
    const run = replay(chain(signature('t'), ...Array.from({ length: 40 }, () => group([signature('a'), signature('b'), signature('c')]))), new Map([['0', { status: 'failed' }]]));
    expect(run.steps.get('120')).toEqual({ status: 'skipped', cause: '0' });
  });

  it('has room for a chain of any length that is skipped', () => {
    const run = replay(chain(...Array.from({ length: 50_000 }, () => signature('t'))), new Map([['0', { status: 'failed' }]]));
    expect(run.status).toBe('failed');
    expect(run.steps.get('49999')).toEqual({ status: 'skipped', cause: '0' });
  });
});

describe('extend', () => {
  it('is replay, from wherever the run stood before', () => {
    fc.assert(
      fc.property(worlds, ([canvas, ...rest]) => {
        const simulation = new Simulation(canvas, ...rest);
        const earlier: Run[] = [replay(canvas, new Map())];
        const wrong: string[] = [];
        for (const { run, isNews } of simulation.happenings()) {
          if (!isNews || run.status === 'created') continue;
          const from = earlier[simulation.pick(earlier.length)] ?? run;
          const record = new Map(simulation.record);
          const extended = extend(from, record);
          wrong.push(...differences(runText(extended), runText(run)));
          earlier.push(extended);
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 1_200 },
    );
  });

  it('begins anew when settlements are not those that were worked in', () => {
    fc.assert(
      fc.property(randomCanvas, fc.array(smallCanvas, { maxLength: 3 }), fc.nat(), fc.nat(), (canvas, replacements, seed, otherSeed) => {
        const one = new Simulation(canvas, replacements, seed);
        const other = new Simulation(canvas, replacements, otherSeed);
        for (const _ of one.happenings());
        for (const _ of other.happenings());
        expect(differences(runText(extend(one.run, other.record)), runText(other.run))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('releasedBy', () => {
  it('gives the commands that advance gave for the last settlement', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const wrong: string[] = [];
        for (const { event, run, commands, isNews } of new Simulation(...world).happenings()) {
          if (event.type === 'settled' && isNews) wrong.push(...differences(textOf(releasedBy(run, event.step)), textOf(commands)));
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('foresee', () => {
  it('gives the commands that advance gives for the settlement of a step that is ready', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const wrong: string[] = [];
        for (const { event, before, commands, isNews } of new Simulation(...world).happenings()) {
          if (event.type !== 'settled' || !isNews || before.steps.get(event.step)?.status !== 'ready') continue;
          wrong.push(...differences(textOf(foresee(before, event.step, event.settlement).commands), textOf(commands)));
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('countedBy', () => {
  it('keeps all that was decided inside a join, and leaves nothing of it open', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const wrong: unknown[] = [];
        for (const { run, fates } of new Simulation(...world).happenings()) {
          for (const join of fates.open.keys()) {
            const joined = advance(run, { type: 'settled', step: join, settlement: { status: 'joined', counted: countedBy(run, join), rest: 'late' } }).run;
            const inside = [...run.steps].filter(([id]) => isWithin(run, id, join));
            const expected = inside.map(([id, state]): [string, StepState] => [id, isDecided(state) ? state : { status: 'late' }]);
            wrong.push(...differences(statesText([...joined.steps].filter(([id]) => isWithin(joined, id, join))), statesText(expected)));
            wrong.push(...callsFor(joined).filter((call) => call.type !== 'finish' && isWithin(joined, call.step, join)));
          }
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

const textOf = (commands: readonly unknown[]): string => commands.map((command) => JSON.stringify(command)).toSorted().join('\n');
