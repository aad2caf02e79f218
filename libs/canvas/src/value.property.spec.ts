import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Input } from './plan.js';
import { planStep, type Run } from './run.js';
import { expectSame } from './test/compare.js';
import { randomCanvas, smallCanvas } from './test/random-canvas.js';
import { errorOf, Simulation, valueOf } from './test/simulation.js';
import { resolve, sources } from './value.js';

const worlds = fc.tuple(randomCanvas, fc.array(smallCanvas, { maxLength: 3 }), fc.nat());

describe('resolve', () => {
  it('gives every step what comes before it in the canvas, and the run its value', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const simulation = new Simulation(...world);
        for (const { run, commands, fates } of simulation.happenings()) {
          for (const command of commands) {
            if (command.type !== 'dispatch') continue;
            const step = planStep(run, command.step);
            expectSame(textOf(told(run, step?.input ?? null)), textOf(fates.inputs.get(command.step)));
            const member = step?.shard?.member(simulation.pick(step.shard.count));
            if (member && member.input !== (member.items ? null : step?.input)) expect(member.input).toBe(step?.input);
          }
          if (fates.result.is === 'succeeded') expectSame(textOf(told(run, run.plans[0]?.output ?? null)), textOf(fates.result.value));
        }
      }),
      { numRuns: 4_000 },
    );
  });
});

/** Like JSON, but tells undefined from null. */
const textOf = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => (inner === undefined ? 'undefined' : inner), 1);

/** The value of an input, made of exactly the sources that it names. */
function told(run: Run, input: Input): unknown {
  const asked = new Set<string>();
  const value = resolve(run, input, {
    valueOf: (id) => {
      asked.add(id);
      if (run.settled.get(id)?.status !== 'succeeded') expect(run.settled.get(id)).toEqual({ status: 'succeeded' });
      const count = planStep(run, id)?.shard?.count;
      return valueOf({ id, ...(count === undefined ? {} : { count }) });
    },
    errorOf,
  });
  expectSame([...new Set(sources(run, input))].toSorted().join('\n'), [...asked].toSorted().join('\n'));
  return lateToText(value);
}

/** The error of a join whose time was up, as the oracle tells it. */
function lateToText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lateToText);
  if (typeof value !== 'object' || value === null) return value;
  if ('detail' in value && typeof value.detail === 'object' && value.detail && 'join' in value.detail) return errorOf(String(value.detail.join));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, lateToText(inner)]));
}
