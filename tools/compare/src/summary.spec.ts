import { expect, it } from 'vitest';
import { median, type Sample, summaryOf } from './summary.js';

const sample = (round: number, system: string, figures: Readonly<Record<string, number>>, load = 'light'): Sample => ({ round, system, load, figures });

it('a median is the one in the middle, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(median([10, 9, 100])).toBe(10);
  expect(median([])).toBeNaN();
});

it('a median leaves its values as they are', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

it('medians are of all rounds, by system and figure', () => {
  const samples = [sample(1, 'a', { ms: 10, cpu: 1 }), sample(2, 'a', { ms: 30, cpu: 2 }), sample(3, 'a', { ms: 20, cpu: 9 }), sample(1, 'b', { ms: 5 })];
  const [summary] = summaryOf(samples, 'a');
  expect(summary?.medians).toEqual({ a: { ms: 20, cpu: 2 }, b: { ms: 5 } });
});

it('ratios are taken within each round, so that a slow round does not count', () => {
  const samples = [
    sample(1, 'a', { ms: 10 }),
    sample(1, 'b', { ms: 20 }),
    sample(2, 'a', { ms: 100 }),
    sample(2, 'b', { ms: 300 }),
    sample(3, 'a', { ms: 10 }),
    sample(3, 'b', { ms: 25 }),
  ];
  const [summary] = summaryOf(samples, 'a');
  expect(summary?.ratios).toEqual({ b: { ms: { median: 2.5, least: 2, most: 3 } } });
});

it('there is no ratio to a reference that has no such figure, has it at 0 or was not there that round', () => {
  const samples = [sample(1, 'a', { failed: 0, ms: 2 }), sample(1, 'b', { failed: 3, ms: 4, own: 1 }), sample(2, 'b', { ms: 100 })];
  const [summary] = summaryOf(samples, 'a');
  expect(summary?.ratios).toEqual({ b: { ms: { median: 2, least: 2, most: 2 } } });
});

it('each load has a summary of its own, in the order of the samples', () => {
  const samples = [sample(1, 'a', { ms: 1 }, 'heavy'), sample(1, 'a', { ms: 2 }, 'light'), sample(1, 'b', { ms: 3 }, 'heavy'), sample(1, 'b', { ms: 8 }, 'light')];
  const summaries = summaryOf(samples, 'a');
  expect(summaries.map(({ load, medians, ratios }) => [load, medians.b, ratios.b?.ms?.median])).toEqual([
    ['heavy', { ms: 3 }, 3],
    ['light', { ms: 8 }, 4],
  ]);
});

it('nothing was measured: nothing to tell', () => {
  expect(summaryOf([], 'a')).toEqual([]);
});
