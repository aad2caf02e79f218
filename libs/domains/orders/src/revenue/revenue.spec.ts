import { describe, expect, it } from 'vitest';
import { smallExport } from '../test/small-export.js';
import { isGoods } from './goods.js';
import { outlookOf } from './outlook.js';
import { forecastOf, revenueInsight } from './revenue-insight.js';
import { type Sales, salesOf } from './sales.js';

/** Weeks of seven days with one order each; 0 for none. */
const salesWith = (...days: readonly number[]): Sales => ({ lastDay: 20_000, net: days, orders: days.map((value) => (value > 0 ? [value] : [])) });

describe('isGoods', () => {
  it.each([
    ['85123A', true],
    ['K1001', true],
    ['POST', false],
    ['C2', false],
    ['BANK CHARGES', false],
    ['gift_0001_20', false],
    ['DCGS0076', false],
  ])('%s: %s', (code, expected) => {
    expect(isGoods(code)).toBe(expected);
  });
});

describe('salesOf', () => {
  it('nets cancellations, values orders without services, and fills closed days', () => {
    const sales = salesOf(smallExport('1,A100,2,2026-03-02 09:00,3.00,7', '1,POST,1,2026-03-02 09:00,9.00,7', '2,A100,1,2026-03-02 10:00,3.00,', 'C3,A100,-1,2026-03-04 09:00,3.00,7'));
    expect(sales).toEqual({ lastDay: Date.UTC(2026, 2, 4) / 86_400_000, net: [90_000, 0, -30_000], orders: [[60_000, 30_000], [], []] });
  });

  it('looks at the last four weeks only', () => {
    const sales = salesOf(smallExport('1,A100,1,1900-01-01 09:00,3.00,7', '2,A100,1,2026-03-02 09:00,3.00,7'));
    expect(sales.net).toHaveLength(28);
    expect(sales.orders.flat()).toEqual([30_000]);
  });
});

describe('outlookOf', () => {
  it('weighs a week 0.7 of the next, and shares the week out like its days', () => {
    const outlook = outlookOf(salesWith(10, 10, 10, 10, 0, 10, 10, 20, 20, 20, 0, 0, 20, 20))!;
    // the cap is the value at 0.95 of the way through the 11 orders: the second largest, 20; by hand: weeks of 60 and 100
    expect(outlook.level).toBeCloseTo((100 + 0.7 * 60) / 1.7, 12);
    expect(outlook.features.weeks).toBe(0.5);
    expect(outlook.features.last_week).toBeCloseTo(Math.log((100 * 1.7) / 142), 12);
    expect(outlook.features.large_orders).toBeCloseTo(0, 12);
    expect(outlook.shares[0]).toBeCloseTo((20 + 0.7 * 10) / 142, 12);
    expect(outlook.shares[3]).toBeCloseTo(7 / 142, 12);
    expect(outlook.shares[4]).toBe(0);
    expect(outlook.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('counts a huge order as far as the cap only', () => {
    const ordinary = Array.from({ length: 7 }, () => 10);
    const [without, withOne] = [outlookOf(salesWith(...ordinary)), outlookOf(salesWith(...ordinary.with(3, 100_000)))];
    expect(withOne!.level).toBe(without!.level);
    expect(withOne!.features.large_orders).toBeGreaterThan(without!.features.large_orders);
  });

  it('does not depend on the currency', () => {
    const days = [3, 9, 4, 0, 7, 8, 5, 6, 6, 2, 0, 9, 1, 30];
    expect(outlookOf(salesWith(...days.map((day) => day * 128)))!.features).toEqual(outlookOf(salesWith(...days))!.features);
  });

  it.each([[[1, 2, 3, 4, 5, 6]], [[0, 0, 0, 0, 0, 0, 0]]])('says nothing from %j', (days) => {
    expect(outlookOf(salesWith(...days))).toBeUndefined();
  });
});

describe('revenueInsight', () => {
  it('gives the week and its days, dated after the export', () => {
    const sales = { ...salesWith(...Array.from({ length: 7 }, (_, day) => (day === 6 ? 0 : 100_000))), lastDay: Date.UTC(2026, 2, 8) / 86_400_000 };
    const outlook = outlookOf(sales)!;
    const insight = revenueInsight(sales, outlook.weeks, forecastOf(outlook, Float32Array.of(0, Math.LN2, -Math.LN2)));
    expect(insight).toMatchObject({ asOf: '2026-03-08', weeksUsed: 1, last7Days: 60, next7Days: { low: 30, expected: 60, high: 120 }, change: 0 });
    expect(insight.days).toHaveLength(7);
    expect(insight.days[0]).toEqual({ date: '2026-03-09', expected: 10, sameDayLastWeek: 10 });
    expect(insight.days[6]).toEqual({ date: '2026-03-15', expected: 0, sameDayLastWeek: 0 });
  });

  it('says why there is no forecast', () => {
    expect(revenueInsight(salesWith(10_000, 10_000), 0, undefined)).toMatchObject({ last7Days: 2, next7Days: null, days: [], note: expect.stringContaining('whole week') });
  });
});
