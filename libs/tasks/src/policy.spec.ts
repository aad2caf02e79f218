import fc from 'fast-check';
import { seededRandom } from '@millrace/kernel';
import { describe, expect, it } from 'vitest';
import { backoffMs, defaultPolicy } from './policy.js';

describe('backoffMs', () => {
  it('lies between zero and the doubled base, never above the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer(), (attempt, seed) => {
        const wait = backoffMs(defaultPolicy, attempt, seededRandom(seed));
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(2_000, 100 * 2 ** (attempt - 1)));
      }),
    );
  });

  it('spreads over the whole range', () => {
    const random = seededRandom(7);
    const waits = Array.from({ length: 2_000 }, () => backoffMs(defaultPolicy, 3, random));
    expect(Math.min(...waits)).toBeLessThan(20);
    expect(Math.max(...waits)).toBeGreaterThan(380);
  });
});
