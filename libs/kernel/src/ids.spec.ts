import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortableId } from './ids.js';
import { ManualClock } from './manual-clock.js';
import { seededRandom } from './random.js';

describe('sortableId', () => {
  it('sorts by time and holds nothing a key or a header would refuse', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 47 }), fc.integer({ min: 1, max: 10_000 }), fc.integer(), (start, later, seed) => {
        const clock = new ManualClock(start);
        const random = seededRandom(seed);
        const first = sortableId('ing', clock, random);
        const second = sortableId('ing', new ManualClock(start + later), random);
        expect(first).toMatch(/^ing_[0-9a-hjkmnp-tv-z]{26}$/);
        expect(first < second).toBe(true);
      }),
    );
  });
});
