import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Input } from './plan.js';
import { planStep, type Run } from './run.js';
import { differences } from './test/compare.js';
import { randomCanvas, smallCanvas } from './test/random-canvas.js';
import { errorOf, Simulation, valueOf } from './test/simulation.js';
import { resolve, sources } from './value.js';

const worlds = fc.tuple(randomCanvas, fc.array(smallCanvas, { maxLength: 3 }), fc.nat());

describe('resolve', () => {
  it('gives every step what comes before it in the canvas, and the run its value, made of the sources that it names', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const simulation = new Simulation(...world);
        const wrong: string[] = [];
        for (const { run, commands, fates } of simulation.happenings()) {
          for (const command of commands) {
            const step = command.type === 'dispatch' ? planStep(run, command.step) : undefined;
            if (!step) continue;
            wrong.push(...compared(run, step.input, fates.inputs.get(step.id)));
            const member = step.shard?.member(simulation.pick(step.shard.count));
            if (member && member.input !== (member.items ? null : step.input)) wrong.push(`a member of ${step.id} gets something else`);
          }
          if (fates.result.is === 'succeeded') wrong.push(...compared(run, run.plans[0]?.output ?? null, fates.result.value));
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 4_000 },
    );
  });
});

/** What is wrong with the value of an input and with its sources. */
function compared(run: Run, input: Input, expected: unknown): readonly string[] {
  const asked = new Set<string>();
  const value = resolve(run, input, {
    valueOf: (id) => {
      asked.add(id);
      const count = planStep(run, id)?.shard?.count;
      return valueOf({ id, ...(count === undefined ? {} : { count }) });
    },
    errorOf,
  });
  const named = [...new Set(sources(run, input))];
  return [
    ...differences(textOf(withOwnErrors(value)), textOf(expected)),
    ...differences(named.toSorted().join('\n'), [...asked].toSorted().join('\n')),
    ...named.filter((id) => run.settled.get(id)?.status !== 'succeeded').map((id) => `${id} has no value`),
  ];
}

/** Like JSON, but tells undefined from null. */
const textOf = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => (inner === undefined ? 'undefined' : inner), 1);

/** The error of a join whose time was up, as the oracle tells it. */
function withOwnErrors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withOwnErrors);
  if (typeof value !== 'object' || value === null) return value;
  if ('detail' in value && typeof value.detail === 'object' && value.detail && 'join' in value.detail) return errorOf(String(value.detail.join));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withOwnErrors(inner)]));
}
