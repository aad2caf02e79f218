import { chord, group } from '@millrace/canvas';
import { defineTask } from '@millrace/tasks';
import { z } from 'zod';
import { example } from './running/example.js';

const quote = defineTask({
  name: 'quotes.ask',
  args: z.tuple([z.string(), z.number()]),
  handler: async (ctx, carrier, price) => {
    if (carrier === 'slow') await new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error)));
    return price;
  },
});

const outcome = z.union([z.object({ status: z.literal('succeeded'), value: z.number() }), z.object({ status: z.enum(['failed', 'late', 'revoked']) })]);

const cheapest = defineTask({
  name: 'quotes.cheapest',
  args: z.tuple([z.array(outcome)]),
  handler: async (_ctx, outcomes) => ({
    statuses: outcomes.map(({ status }) => status),
    best: Math.min(...outcomes.flatMap((quoted) => (quoted.status === 'succeeded' ? [quoted.value] : []))),
  }),
});

// After 300 ms the body runs with what is there. Under `collect` it is told of each member what became of it.
export default example({ tasks: [quote, cheapest] }, async ({ client }, print) => {
  const quotes = group([quote.s('post', 7), quote.s('slow', 1), quote.s('rail', 5)], { policy: 'collect', deadlineMs: 300 });
  const run = await client.run(chord(quotes, cheapest.s()), { timeoutMs: 8_000 });
  print(await run.result());
});

// Prints:
// {"statuses":["succeeded","late","succeeded"],"best":5}
