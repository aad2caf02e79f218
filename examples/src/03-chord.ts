import { chord, group } from '@millrace/canvas';
import { defineTask } from '@millrace/tasks';
import { z } from 'zod';
import { example } from './running/example.js';

const square = defineTask({
  name: 'math.square',
  args: z.tuple([z.number()]),
  handler: async (_ctx, n) => n * n,
});

const sum = defineTask({
  name: 'math.sum',
  args: z.tuple([z.array(z.number())]),
  handler: async (_ctx, values) => values.reduce((a, b) => a + b, 0),
});

// The header runs in parallel; the body runs once, with all its results in order.
export default example({ tasks: [square, sum] }, async ({ client }, print) => {
  const squares = [1, 2, 3, 4].map((n) => square.s(n));
  print(await (await client.run(group(squares))).result());
  print(await (await client.run(chord(group(squares), sum.s()))).result());
});

// Prints:
// [1,4,9,16]
// 30
