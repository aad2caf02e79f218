import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, parseDecimal, parseWhole, shareOf } from './numbers.js';

describe('parseWhole', () => {
  it.each([
    ['0', 0],
    ['007', 7],
    ['47', 47],
  ])('reads %s', (text, expected) => {
    expect(parseWhole(text, 0, 47)).toBe(expected);
  });

  it.each(['', ' 1', '-1', '1.0', '1e1', '48', '1234567890', '١', 'NaN'])('refuses %j', (text) => {
    expect(parseWhole(text, 0, 47)).toBeUndefined();
  });
});

describe('parseDecimal', () => {
  it.each([
    ['0', 0],
    ['0.028571429', 0.028571429],
    ['6.1e-05', 0.000061],
    ['1', 1],
  ])('reads %s', (text, expected) => {
    expect(parseDecimal(text, 1)).toBe(expected);
  });

  it.each(['', ' 1', '-1.0', '1,5', '.5', '1.', '1.000001', '0x1', 'Infinity', 'NaN'])('refuses %j', (text) => {
    expect(parseDecimal(text, 1)).toBeUndefined();
  });

  it('reads what JSON makes of a number', () => {
    const read = fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (number) => parseDecimal(JSON.stringify(number), 1e9) === number);
    expect(fc.check(read)).toMatchObject({ failed: false });
  });
});

describe('median', () => {
  it('is the lower of two middle values', () => {
    expect([median([]), median([5]), median([9, 1]), median([10, 9, 2])]).toEqual([0, 5, 1, 9]);
  });
});

describe('shareOf', () => {
  it('has four decimals, and is 0 of nothing', () => {
    expect([shareOf(1, 3), shareOf(2, 3), shareOf(0, 0)]).toEqual([0.3333, 0.6667, 0]);
  });
});
