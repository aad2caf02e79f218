import { chain } from '@millrace/canvas';
import { defineTask } from '@millrace/tasks';
import { z } from 'zod';
import { example } from './running/example.js';

const words = defineTask({
  name: 'text.words',
  args: z.tuple([z.string()]),
  handler: async (_ctx, text) => text.toLowerCase().match(/[a-z]+/g) ?? [],
});

const longest = defineTask({
  name: 'text.longest',
  args: z.tuple([z.array(z.string()), z.number()]),
  handler: async (_ctx, found, count) => found.toSorted((a, b) => b.length - a.length).slice(0, count),
});

// Each part gets the result of the one before as its first argument; `longest.s(2)` gives the others. A part that does not
// take what the one before it gives is a compile error.
export default example({ tasks: [words, longest] }, async ({ client }, print) => {
  const run = await client.run(chain(words.s('The quick brown fox jumped'), longest.s(2)));
  print(await run.result());
});

// Prints:
// ["jumped","quick"]
