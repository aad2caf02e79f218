import fc from 'fast-check';
import { expect, it } from 'vitest';
import { percentiles } from './percentiles.js';

it('takes the nearest rank of all samples', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
  expect(percentiles(hundred)).toEqual({ p50: 50, p90: 90, p99: 99, max: 100 });
  expect(percentiles([3, 1, 2])).toEqual({ p50: 2, p90: 3, p99: 3, max: 3 });
  expect(percentiles([7])).toEqual({ p50: 7, p90: 7, p99: 7, max: 7 });
  expect(percentiles([])).toBeUndefined();
});

it('puts at least the stated share of samples at or below, and less than it strictly below', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (samples) => {
      const found = percentiles(samples)!;
      for (const [percent, value] of [[50, found.p50], [90, found.p90], [99, found.p99], [100, found.max]] as const) {
        const share = (among: (sample: number) => boolean) => samples.filter(among).length * 100;
        expect(share((sample) => sample <= value)).toBeGreaterThanOrEqual(percent * samples.length);
        expect(share((sample) => sample < value)).toBeLessThan(percent * samples.length);
      }
    }),
  );
});
