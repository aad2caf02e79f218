import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chain, signature } from './builders.js';
import { releasedBy } from './commands.js';
import { extend, replay } from './replay.js';
import type { Run } from './run.js';
import { expectSame, runText } from './test/compare.js';
import { randomCanvas, smallCanvas } from './test/random-canvas.js';
import { Simulation } from './test/simulation.js';

const worlds = fc.tuple(randomCanvas, fc.array(smallCanvas, { maxLength: 3 }), fc.nat());

describe('replay', () => {
  it('comes to what the events came to', () => {
    fc.assert(
      fc.property(worlds, ([canvas, ...rest]) => {
        const simulation = new Simulation(canvas, ...rest);
        for (const { run } of simulation.happenings()) {
          if (run.status !== 'created' && simulation.pick(3) === 0) expectSame(runText(replay(canvas, simulation.record)), runText(run));
        }
        expectSame(runText(replay(canvas, simulation.record)), runText(simulation.run));
      }),
      { numRuns: 5_000 },
    );
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
        for (const { run, isNews } of simulation.happenings()) {
          if (!isNews || run.status === 'created') continue;
          const from = earlier[simulation.pick(earlier.length)] ?? run;
          const record = new Map(simulation.record);
          const extended = extend(from, record);
          expectSame(runText(extended), runText(run));
          earlier.push(extended);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('begins anew when settlements are not those that were worked in', () => {
    fc.assert(
      fc.property(randomCanvas, fc.array(smallCanvas, { maxLength: 3 }), fc.nat(), fc.nat(), (canvas, replacements, seed, otherSeed) => {
        const one = new Simulation(canvas, replacements, seed);
        const other = new Simulation(canvas, replacements, otherSeed);
        for (const _ of one.happenings());
        for (const _ of other.happenings());
        expectSame(runText(extend(one.run, other.record)), runText(other.run));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('releasedBy', () => {
  it('gives the commands that advance gave for the last settlement', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        for (const { event, run, commands, isNews } of new Simulation(...world).happenings()) {
          if (event.type === 'settled' && isNews) expectSame(textOf(releasedBy(run, event.step)), textOf(commands));
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

const textOf = (commands: readonly unknown[]): string => commands.map((command) => JSON.stringify(command)).toSorted().join('\n');
