import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from './plan.js';
import { chain, chord, group, signature } from './signature.js';
import { tasksOf } from './test/happens-before.js';
import { randomCanvas } from './test/random-canvas.js';

describe('compile', () => {
  it('gives every signature one step, and every step to exactly one latch', () => {
    fc.assert(
      fc.property(randomCanvas, (canvas) => {
        const plan = compile(canvas);
        expect([...plan.steps.values()].map((step) => step.signature.task)).toEqual(tasksOf(canvas));
        const waits = [...plan.latches.values()].flatMap((latch) => latch.waits);
        expect(waits.toSorted()).toEqual([...plan.steps.keys(), ...plan.joins.keys()].toSorted());
        const begun = [...plan.entry, ...[...plan.latches.values()].flatMap((latch) => latch.releases)];
        expect(begun.toSorted()).toEqual([...plan.steps.keys()].toSorted());
      }),
      { numRuns: 5_000 },
    );
  });

  it('numbers steps by their place in the canvas', () => {
    const plan = compile(chord(group([signature('a'), chain(signature('b'), signature('c'))]), signature('d')));
    expect([...plan.steps].map(([id, step]) => [id, step.signature.task])).toEqual([
      ['0', 'a'],
      ['1', 'b'],
      ['2', 'c'],
      ['3', 'd'],
    ]);
  });

  it('puts a replacement’s steps under the step it replaces', () => {
    const plan = compile(group([signature('a'), signature('b')]), '3');
    expect([...plan.steps.keys()]).toEqual(['3.0', '3.1']);
    expect(plan.replaces).toBe('3');
  });

  it('hands the results of a header to the body in order', () => {
    const plan = compile(chord(group([signature('a'), signature('b')], 'collect'), signature('c')));
    expect(plan.steps.get('2')?.input).toEqual({ join: [{ step: '0' }, { step: '1' }], policy: 'collect' });
  });
});
