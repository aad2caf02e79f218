import { seededRandom } from '@millrace/kernel';
import { expect, it } from 'vitest';
import { poissonArrivals, uniformArrivals } from './arrivals.js';

it('spaces arrivals evenly', () => {
  expect(uniformArrivals(4, 2)).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750]);
  expect(uniformArrivals(0.5, 4)).toEqual([0, 2000]);
});

it('spreads arrivals like a Poisson process: the mean and the deviation of the gaps are 1/rate, in order, within the time', () => {
  const arrivals = poissonArrivals(50, 2000, seededRandom(7));
  expect(arrivals.length).toBeGreaterThan(99_000);
  expect(arrivals.length).toBeLessThan(101_000);
  expect(arrivals.at(-1)).toBeLessThan(2_000_000);
  const gaps = arrivals.slice(1).map((at, i) => at - arrivals[i]!);
  expect(Math.min(...gaps.slice(0, 10_000))).toBeGreaterThanOrEqual(0);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  expect(mean / 20).toBeCloseTo(1, 1);
  expect(deviation / 20).toBeCloseTo(1, 1);
});
