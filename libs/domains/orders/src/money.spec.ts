import { describe, expect, it } from 'vitest';
import { amountOf, lineValue, parsePrice } from './money.js';

describe('parsePrice', () => {
  it.each([
    ['4.65', 46_500],
    ['0.001', 10],
    ['0.0', 0],
    ['12', 120_000],
    ['-11062.06', -110_620_600],
    ['999999999.9999', 9_999_999_999_999],
  ])('reads %s as ten-thousandths', (text, expected) => {
    expect(parsePrice(text)).toBe(expected);
  });

  it.each(['', ' 1', '1,50', '1.', '.5', '1e3', '1.00001', '£1', 'NaN', '1234567890', '--1', '١'])('refuses %j', (text) => {
    expect(parsePrice(text)).toBeUndefined();
  });
});

describe('amountOf', () => {
  it('adds up what binary fractions do not', () => {
    const tenPence = Array.from({ length: 10 }, () => lineValue(1, 1_000)).reduce((a, b) => a + b, 0n);
    expect(amountOf(tenPence)).toBe(1);
    expect(amountOf(lineValue(3, 11_000))).toBe(3.3);
  });

  it.each([
    [49n, 0],
    [50n, 0.01],
    [-49n, 0],
    [-50n, -0.01],
    [10_196_876_220n, 1_019_687.62],
  ])('rounds %d ten-thousandths to %d, halves away from zero', (money, amount) => {
    expect(Object.is(amountOf(money), amount) || amountOf(money) === amount).toBe(true);
  });
});
