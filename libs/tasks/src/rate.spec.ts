import { describe, expect, it } from 'vitest';
import { parseRate } from './rate.js';

describe('parseRate', () => {
  it.each([
    ['100/s', undefined, { perSecond: 100, burst: 1 }],
    ['30/m', 5, { perSecond: 0.5, burst: 5 }],
    ['1.5/h', undefined, { perSecond: 1.5 / 3_600, burst: 1 }],
  ])('reads %s', (text, burst, rate) => expect(parseRate(text, burst)).toEqual(rate));

  it.each([['10'], ['10/d'], ['0/s'], ['-1/s'], ['1/s ', 1], ['1/s', 0], ['1/s', 1.5]])('refuses %s with a burst of %s', (text, burst?: number) => {
    expect(() => parseRate(text, burst)).toThrow('write 100/s, 10/m or 500/h');
  });
});
