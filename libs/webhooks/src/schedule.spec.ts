import { seededRandom } from '@millrace/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextDelay } from './schedule.js';

const fixed = (value: number) => ({ next: () => value, bytes: () => new Uint8Array() });
const middle = fixed(0.5);
const seconds = [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

describe('the schedule', () => {
  test('is the table of the standard, 75 h 35 min 5 s in all', () => {
    const delays = seconds.map((_, attempt) => nextDelay(attempt, middle));
    expect(delays).toEqual(seconds.map((each) => each * 1000));
    expect(delays.reduce<number>((sum, each) => sum + (each ?? 0), 0)).toBe(((75 * 60 + 35) * 60 + 5) * 1000);
  });

  test('ends after the 10th attempt', () => {
    expect(nextDelay(10, middle)).toBeUndefined();
    expect(nextDelay(11, middle, 1000)).toBeUndefined();
  });

  test('spreads by 20 % either way', () => {
    expect([fixed(0), fixed(0.999_999_999)].map((random) => nextDelay(2, random))).toEqual([240_000, 360_000]);
    const random = seededRandom(1);
    const drawn = Array.from({ length: 1000 }, () => nextDelay(2, random) ?? 0);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(240_000);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(360_000);
    expect(new Set(drawn).size).toBeGreaterThan(900);
  });
});

describe('Retry-After', () => {
  test.each([
    [1, 0, 5_000],
    [1, 60_000, 60_000],
    [1, 3_600_000, 3_600_000],
    [1, 1_000_000_000_000, 3_600_000],
    [2, 60_000, 300_000],
    [4, 5 * 3_600_000, 4 * 3_600_000],
    [9, 1_000_000_000_000, 48 * 3_600_000],
  ])('after attempt %d, %d ms become %d', (attempt, asked, expected) => {
    expect(nextDelay(attempt, middle, asked)).toBe(expected);
  });

  test('is never before the table nor after the double of it, or an hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 1e12 }), (attempt, asked) => {
        const base = seconds[attempt]! * 1000;
        const delay = nextDelay(attempt, middle, asked) ?? -1;
        expect(delay).toBeGreaterThanOrEqual(base);
        expect(delay).toBeLessThanOrEqual(Math.max(2 * base, 3_600_000));
      }),
    );
  });
});
