import { onError } from '@millrace/canvas';
import { defineErrors, MillraceError } from '@millrace/kernel';
import { defineTask } from '@millrace/tasks';
import { z } from 'zod';
import { example } from './running/example.js';

const shopErrors = defineErrors({
  SHOP_BUSY: { retryable: true, help: 'The shop does not answer in time; it is asked again.' },
});

// Tries, waits between them and which errors are worth another try belong to the task.
const order = defineTask({
  name: 'shop.order',
  args: z.tuple([z.number()]),
  policy: { maxAttempts: 3, backoffMs: 20 },
  handler: async (ctx, busyFor) => {
    if (ctx.attempt <= busyFor) throw shopErrors.error('SHOP_BUSY', `no answer at attempt ${ctx.attempt}`);
    return `ordered at attempt ${ctx.attempt}`;
  },
});

const complain = defineTask({
  name: 'shop.complain',
  args: z.tuple([z.object({ message: z.string() })]),
  handler: async (ctx, error) => ctx.log.warn({ error: error.message }, 'order failed'),
});

export default example({ tasks: [order, complain] }, async (app, print) => {
  print(await (await app.client.send(order, [2])).result());

  const hopeless = await app.client.run(onError(order.s(9), complain.s()));
  const failure = await hopeless.result().catch((error: unknown) => error);
  print(MillraceError.is(failure) ? failure.code : failure);
  print((await hopeless.status()).steps.map(({ task, status, claims, error }) => ({ task, status, claims, code: error?.code })));

  // The message whose tries are spent is kept, with the reason, where people can look at it.
  print({ dead: (await app.depth('tasks')).dead });
});

// Prints:
// ordered at attempt 3
// MILLRACE_RUN_FAILED
// [{"task":"shop.order","status":"failed","claims":3,"code":"SHOP_BUSY"},{"task":"shop.complain","status":"succeeded","claims":1}]
// {"dead":1}
