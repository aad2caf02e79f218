import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf, formatMinute, parseMinute } from './shop-time.js';

describe('parseMinute', () => {
  it('counts minutes and days from 1970', () => {
    expect(parseMinute('1970-01-01 00:00')).toBe(0);
    expect(parseMinute('1970-01-02 01:30')).toBe(1440 + 90);
    expect(dayOf(parseMinute('2011-09-30 23:59')!)).toBe(15_247);
    expect(dayOf(parseMinute('1969-12-31 23:59')!)).toBe(-1);
  });

  it('undoes formatMinute', () => {
    const undone = fc.property(fc.integer({ min: -30_000_000, max: 100_000_000 }), (minute) => parseMinute(formatMinute(minute)) === minute);
    expect(fc.check(undone)).toMatchObject({ failed: false });
  });

  it.each(['', '2011-09-01', '2011-02-29 10:00', '2011-13-01 10:00', '2011-09-31 10:00', '2011-09-01 24:00', '2011-09-01 10:60', '2011-09-01T10:00', '01/09/2011 10:00', '2011-09-01 10:00 '])(
    'refuses %j',
    (text) => {
      expect(parseMinute(text)).toBeUndefined();
    },
  );
});
