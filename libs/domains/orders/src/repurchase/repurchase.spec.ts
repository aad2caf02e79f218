import { describe, expect, it } from 'vitest';
import { smallExport } from '../test/small-export.js';
import { featureNames, ratedCustomers } from './features.js';
import { repurchaseInsight } from './repurchase-insight.js';

const dataset = smallExport(
  '1,A1,4,2026-01-01 09:00,2.00,7',
  '2,A1,4,2026-03-02 09:00,2.00,7',
  '2,B2,1,2026-03-02 09:00,16.00,7',
  '3,B2,2,2026-03-02 18:00,4.00,7',
  'C4,B2,-1,2026-03-03 09:00,16.00,7',
  '5,B2,1,2026-04-10 09:00,8.00,8',
  '6,B2,1,2026-04-10 09:00,8.00,',
);
const [often, once] = ratedCustomers(dataset) as [ReturnType<typeof ratedCustomers>[number], ReturnType<typeof ratedCustomers>[number]];

describe('ratedCustomers', () => {
  it('tells when a customer bought', () => {
    expect(often.features).toMatchObject({
      recency: Math.log2(40),
      recency_share: 0.39,
      orders: Math.log2(3),
      order_days: 1,
      tenure: Math.log2(100),
      gap: Math.log2(61),
      overdue: 39 / 60,
      rate: 2 / 114,
      days_of_last_30: 0,
      days_of_last_90: 1,
      history: Math.log2(100),
      cancellations: 1,
    });
  });

  it('tells what a customer buys, against the usual order of 8.00', () => {
    expect(often.features).toMatchObject({ spent_vs_usual: Math.log2(5), value_vs_usual: Math.log2(5 / 3), largest_vs_usual: 1, lines: Math.log2(4 / 3), variety: 0.5 });
    expect(often.features).toMatchObject({ quantity: (2 + 2 + 0 + 1) / 4, price: (1 + 1 + 4 + 2) / 4, popularity: (-1 - 1) / 4 });
  });

  it('has no gap with one order day, and leaves guests and mere cancellations out', () => {
    expect(once.features).toMatchObject({ gap: -1, overdue: -1, recency: 0, order_days: 0 });
    expect(ratedCustomers(smallExport('1,A1,1,2026-01-01 09:00,2.00,', 'C2,A1,-1,2026-01-01 09:00,2.00,7'))).toEqual([]);
  });

  it('does not depend on the currency, apart from the price', () => {
    const dearer = smallExport('1,A1,4,2026-01-01 09:00,20.00,7', '2,A1,4,2026-03-02 09:00,20.00,7', '2,B2,1,2026-03-02 09:00,160.00,7');
    const cheaper = smallExport('1,A1,4,2026-01-01 09:00,2.00,7', '2,A1,4,2026-03-02 09:00,2.00,7', '2,B2,1,2026-03-02 09:00,16.00,7');
    const [a, b] = [ratedCustomers(dearer)[0]!.features, ratedCustomers(cheaper)[0]!.features];
    for (const name of featureNames.filter((each) => each !== 'price')) expect(a[name]).toBeCloseTo(b[name], 12);
  });
});

describe('repurchaseInsight', () => {
  it('counts, and lists the likely ones and those of several orders who are not', () => {
    const insight = repurchaseInsight(dataset, [often, once], Float32Array.of(-2, 2));
    expect(insight).toMatchObject({ asOf: '2026-04-10', historyDays: 100, withinDays: 30, customers: 2, expected: 1, likely: 1, unlikely: 1 });
    expect(insight.mostLikely).toEqual([
      { customer: '8', probability: 0.8808, orders: 1, spent: 8, recencyDays: 0 },
      { customer: '7', probability: 0.1192, orders: 3, spent: 40, recencyDays: 39 },
    ]);
    expect(insight.lapsing.map(({ customer }) => customer)).toEqual(['7']);
  });
});
