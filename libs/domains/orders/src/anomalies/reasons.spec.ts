import { describe, expect, it } from 'vitest';
import { type Features, featureNames } from './features.js';
import { type JudgedLine, reasonsFor } from './reasons.js';

const ordinary = { ...Object.fromEntries(featureNames.map((name) => [name, 0])), price_same: 1 } as Features;

function reasons(features: Partial<Features>, line: Partial<Omit<JudgedLine, 'features'>> = {}): string[] {
  return reasonsFor({ quantity: 6, price: 84_000, usualQuantity: 6, usualPrice: 84_000, ...line, features: { ...ordinary, ...features } });
}

describe('reasonsFor', () => {
  it.each([
    ['the quantity is -6, but the invoice is no cancellation', { wrong_sign: 1 }, { quantity: -6 }],
    ['the quantity is 6, but the invoice is a cancellation', { wrong_sign: 1 }, {}],
    ['the price 84.00 is 10 times the product’s usual 8.40', { price_vs_usual: Math.log2(10) }, { price: 840_000, usualPrice: 84_000 }],
    ['the price 0.001 is 1/8400 of the product’s usual 8.40', { price_vs_usual: -Math.log2(8400) }, { price: 10 }],
    ['the price 4.80 is another line’s price with two digits swapped; usual is 8.40', { price_swapped: 0.5 }, { price: 48_000 }],
    ['the quantity 600 is 86 times the product’s usual 7', { quantity_vs_usual: Math.log2(600 / 7) }, { quantity: -600, usualQuantity: 7 }],
    ['the quantity 21 is another line’s quantity with two digits swapped; usual is 12', { quantity_swapped: 0.3 }, { quantity: 21, usualQuantity: 12 }],
    ['the line makes 91 % of the invoice’s value', { value_share: 0.91, invoice_lines: 2 }, {}],
    ['no other line of the product has the price 8.40', { price_same: 0, product_lines: 3 }, {}],
    ['quantity, price and value are unusual together for this product', {}, {}],
  ])('%s', (reason, features, line) => {
    expect(reasons(features, line)).toEqual([reason]);
  });

  it('gives at most three, the plainest first', () => {
    const all = reasons({ wrong_sign: 1, price_vs_usual: 3, quantity_vs_usual: 5, value_share: 1, invoice_lines: 4 });
    expect(all).toHaveLength(3);
    expect(all[0]).toContain('cancellation');
  });
});
