import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallExport } from '../test/small-export.js';
import { purchasesOf } from './features.js';
import { returnedLines } from './returned-lines.js';
import { openPurchases, returnsInsight } from './returns-insight.js';
import { wordScore } from './words.js';

const weights = { glass: 0.6, bag: -0.4 };
const rowsOf = (rows: readonly string[]): number[] => {
  const dataset = smallExport(...rows);
  return [...returnedLines(dataset)].map((line) => dataset.lines.row[line]!).toSorted();
};

describe('wordScore', () => {
  it.each([
    ['GLASS VASE', 0.6],
    ['Bag of glass, glass', 0.1],
    ['VASE', 0],
    ['', 0],
    ['GLASSES', 0],
    ['constructor toString', 0],
  ])('%j → %d', (description, score) => {
    expect(wordScore(description, weights)).toBeCloseTo(score, 12);
  });
});

describe('returnedLines', () => {
  it('takes back the latest purchase of the same quantity, else the latest', () => {
    const bought = ['1,A1,2,2026-03-01 09:00,1.00,7', '2,A1,3,2026-03-02 09:00,1.00,7', '3,A1,2,2026-03-03 09:00,1.00,7', '4,A1,5,2026-03-04 09:00,1.00,7'];
    expect(rowsOf([...bought, 'C5,A1,-2,2026-03-05 09:00,1.00,7'])).toEqual([3]);
    expect(rowsOf([...bought, 'C5,A1,-1,2026-03-05 09:00,1.00,7'])).toEqual([4]);
    expect(rowsOf([...bought, 'C5,A1,-2,2026-03-05 09:00,1.00,7', 'C6,A1,-2,2026-03-06 09:00,1.00,7'])).toEqual([1, 3]);
  });

  it('looks at the time, not at the order of the export', () => {
    expect(rowsOf(['C5,A1,-2,2026-03-05 09:00,1.00,7', '1,A1,2,2026-03-01 09:00,1.00,7'])).toEqual([2]);
    expect(rowsOf(['1,A1,2,2026-03-06 09:00,1.00,7', 'C5,A1,-2,2026-03-05 09:00,1.00,7'])).toEqual([]);
  });

  it('leaves other products, other customers and guests alone', () => {
    expect(rowsOf(['1,A1,2,2026-03-01 09:00,1.00,7', '2,A1,2,2026-03-01 09:00,1.00,', 'C3,B2,-2,2026-03-05 09:00,1.00,7', 'C4,A1,-2,2026-03-05 09:00,1.00,8', 'C5,A1,-2,2026-03-05 09:00,1.00,'])).toEqual([]);
  });
});

describe('purchasesOf', () => {
  it('knows of a line what went before it', () => {
    const purchases = purchasesOf(
      smallExport(
        '1,A1,4,2026-03-01 09:00,2.00,7,GLASS BOWL',
        '1,B2,1,2026-03-01 09:00,7.00,7,BAG',
        'C2,A1,-1,2026-03-02 09:00,3.00,7,GLASS BOWL',
        '3,A1,16,2026-03-03 09:00,2.00,7,GLASS BOWL',
        '4,A1,1,2026-03-03 10:00,2.00,,GLASS BOWL',
      ),
      weights,
    );
    expect(purchases.map(({ line }) => line)).toEqual([0, 1, 3]);
    expect(purchases[0]!.features).toMatchObject({ quantity: 2, quantity_vs_usual: 2, price: 1, value: 3, invoice_quantity: 1, words: 0.6, orders_before: 0, bought_before: 0 });
    expect(purchases[2]!.features).toMatchObject({
      quantity: 4,
      quantity_vs_usual: 4,
      orders_before: 1,
      spent_before: 4,
      cancellations_before: 1,
      lines_cancelled_before: 1,
      value_cancelled_before: 2,
      share_cancelled_before: 1 / 22,
      product_lines_before: 1,
      product_share_cancelled_before: 1.3 / 16,
      bought_before: 1,
      cancelled_before: 1,
    });
  });

  it('learns nothing about a line from what came later, but the usual quantity of its product', () => {
    const later = fc.record({ kind: fc.constantFrom('', 'C'), product: fc.constantFrom('A1', 'B2', 'D4'), quantity: fc.integer({ min: 1, max: 9 }), customer: fc.constantFrom('7', '8', '') });
    const before = ['1,A1,4,2026-03-01 09:00,2.00,7', 'C2,A1,-1,2026-03-02 09:00,3.00,7', '3,A1,16,2026-03-03 09:00,2.00,7', '4,B2,1,2026-03-03 10:00,2.00,8'];
    const featuresOf = (rows: readonly string[]) => purchasesOf(smallExport(...rows), weights).slice(0, 3).map(({ features }) => ({ ...features, quantity_vs_usual: undefined }));
    const expected = featuresOf(before);
    fc.assert(
      fc.property(fc.array(later, { maxLength: 8 }), (drawn) => {
        const rows = drawn.map(({ kind, product, quantity, customer }, index) => `${kind}${10 + index},${product},${kind ? -quantity : quantity},2026-03-04 09:${10 + index},2.00,${customer}`);
        expect(featuresOf([...before, ...rows])).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe('returnsInsight', () => {
  it('rates what was bought in the last 30 days and not yet returned, the riskiest first', () => {
    const dataset = smallExport(
      '1,A1,4,2026-02-08 09:00,2.00,7',
      '2,A1,4,2026-02-09 09:00,2.00,7',
      '3,B2,2,2026-03-01 09:00,5.00,8,GLASS BOWL',
      '4,A1,3,2026-03-02 09:00,2.00,8',
      'C5,A1,-3,2026-03-03 09:00,2.00,8',
      '6,A1,1,2026-03-10 09:00,2.00,9',
    );
    const purchases = openPurchases(dataset, purchasesOf(dataset, weights));
    expect(purchases.open.map(({ line }) => line)).toEqual([1, 2, 5]);
    const insight = returnsInsight(dataset, purchases, Float32Array.of(-9, 0, -2));
    expect(insight).toMatchObject({ asOf: '2026-03-10', withinDays: 30, returned: 1, purchases: 3, expectedReturns: 0.6, valueAtRisk: 5.24, flagged: 2 });
    expect(insight.lines).toEqual([
      { risk: 0.5, invoice: '3', date: '2026-03-01', row: 3, product: 'B2', description: 'GLASS BOWL', quantity: 2, price: 5 },
      { risk: 0.1192, invoice: '6', date: '2026-03-10', row: 6, product: 'A1', description: '', quantity: 1, price: 2 },
    ]);
  });
});
