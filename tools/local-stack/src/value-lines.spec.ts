import { expect, it } from 'vitest';
import { valueLines } from './value-lines.js';

const shown = (value: unknown) => `\n${valueLines(value).join('\n')}`;

it('shows a record as names and values', () => {
  expect(shown({ model: 'segments@1', orderCount: 1200, share_of_top: 0.123456, total: 19689.607, none: null, flagged: false, tags: ['a', 'b'], empty: [] })).toBe(`
model         segments@1
order count   1200
share of top  0.1235
total         19689.61
none          –
flagged       false
tags          a, b
empty         none`);
});

it('shows a list of records as a table, cut after ten rows', () => {
  const orders = Array.from({ length: 12 }, (_, n) => ({ order: `o-${n}`, score: n / 2 }));
  expect(shown({ rows: 12, orders })).toBe(`
rows    12
orders
  order  score
  o-0        0
  o-1      0.5
  o-2        1
  o-3      1.5
  o-4        2
  o-5      2.5
  o-6        3
  o-7      3.5
  o-8        4
  o-9      4.5
  … and 2 more`);
});

it('indents what is nested and keeps short records on their line', () => {
  expect(shown({ window: { from: 1, to: 2 }, deep: { list: [{ a: 1 }], note: 'x' } })).toBe(`
window  from 1, to 2
deep
  list
    a
    1
  note  x`);
});

it('puts what is too long for a column below its row', () => {
  const price = 'the price 84.00 is ten times what is usual for this product';
  const flagged = [
    { score: 0.9998, product: 'K1051', reasons: [price, 'and it is late'] },
    { score: 0.5, product: 'G2', reasons: ['short'] },
  ];
  expect(shown(flagged)).toBe(`
 score  product
0.9998  K1051
  ${price}
  and it is late
   0.5  G2
  short`);
});

it('never lets data move the cursor or fill the screen', () => {
  expect(valueLines({ name: 'a\u001B[2Jb\nc', long: 'x'.repeat(500) })).toEqual(['name  a [2Jb c', `long  ${'x'.repeat(47)}…`]);
});
