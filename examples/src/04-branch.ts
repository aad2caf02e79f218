import { branch, chain } from '@millrace/canvas';
import { defineTask } from '@millrace/tasks';
import { z } from 'zod';
import { example } from './running/example.js';

const total = defineTask({
  name: 'order.total',
  args: z.tuple([z.array(z.number())]),
  handler: async (_ctx, prices) => prices.reduce((a, b) => a + b, 0),
});

const isLarge = defineTask({
  name: 'order.is-large',
  args: z.tuple([z.number()]),
  handler: async (_ctx, amount) => amount >= 100,
});

const discount = defineTask({
  name: 'order.discount',
  args: z.tuple([z.number()]),
  handler: async (_ctx, amount) => amount * 0.9,
});

const invoice = defineTask({
  name: 'order.invoice',
  args: z.tuple([z.number()]),
  handler: async (_ctx, amount) => `to pay: ${amount.toFixed(2)}`,
});

// `isLarge` answers with the name of a case; the case gets what `isLarge` was given. Without such a case the value is handed on.
const bill = (prices: number[]) => chain(total.s(prices), branch(isLarge.s(), { true: discount.s() }), invoice.s());

export default example({ tasks: [total, isLarge, discount, invoice] }, async ({ client }, print) => {
  print(await (await client.run(bill([70, 50]))).result());
  print(await (await client.run(bill([7, 5]))).result());
});

// Prints:
// to pay: 108.00
// to pay: 12.00
