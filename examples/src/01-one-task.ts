import { defineTask } from '@millrace/tasks';
import { z } from 'zod';
import { example } from './running/example.js';

// A task is a name, a schema of its arguments and a handler. The name is what travels: whoever sends it needs no code.
const add = defineTask({
  name: 'math.add',
  args: z.tuple([z.number(), z.number()]),
  handler: async (_ctx, a, b) => a + b,
});

export default example({ tasks: [add] }, async ({ client }, print) => {
  const sum = await client.send(add, [2, 3]);
  print(await sum.result());

  const same = await client.run(add.s(20, 30));
  print(await same.result());
});

// Prints:
// 5
// 50
