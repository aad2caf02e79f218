import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quintiles } from './quintiles.js';

describe('quintiles', () => {
  it('splits ten different values into pairs', () => {
    expect(quintiles([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  });

  it('gives equal values one score, the lowest of those that they span', () => {
    expect(quintiles([1, 1, 1, 1, 1, 1, 1, 2, 2, 3])).toEqual([1, 1, 1, 1, 1, 1, 1, 4, 4, 5]);
    expect(quintiles([4, 4, 4])).toEqual([1, 1, 1]);
    expect(quintiles([])).toEqual([]);
  });

  it('does not depend on the order, and never ranks a lower value higher', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 20 }), { maxLength: 60 }), (values) => {
        const scores = quintiles(values);
        expect(quintiles(values.toReversed())).toEqual(scores.toReversed());
        for (const [i, a] of values.entries()) {
          expect(scores[i]).toBe(1 + Math.floor((values.filter((other) => other < a).length * 5) / values.length));
        }
      }),
    );
  });
});
