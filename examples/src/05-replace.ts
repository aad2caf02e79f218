import { chain, group } from '@millrace/canvas';
import { defineTask, replace } from '@millrace/tasks';
import { z } from 'zod';
import { example } from './running/example.js';

const page = defineTask({
  name: 'crawl.page',
  args: z.tuple([z.number()]),
  handler: async (_ctx, number) => `page ${number}`,
});

// How many pages there are is known only when this has looked: it returns a canvas, which takes its place.
const pages = defineTask({
  name: 'crawl.pages',
  args: z.tuple([z.string()]),
  handler: async (_ctx, shop) => replace(group(Array.from({ length: shop.length }, (_, i) => page.s(i + 1)))),
});

const join = defineTask({
  name: 'crawl.join',
  args: z.tuple([z.array(z.string())]),
  handler: async (_ctx, found) => found.join(', '),
});

export default example({ tasks: [page, pages, join] }, async ({ client }, print) => {
  const run = await client.run(chain(pages.s('shop'), join.s()));
  print(await run.result());
});

// Prints:
// page 1, page 2, page 3, page 4
