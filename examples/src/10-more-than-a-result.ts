import { group } from '@millrace/canvas';
import { defineTask, ignore, reject, retry, snooze } from '@millrace/tasks';
import { z } from 'zod';
import { example } from './running/example.js';

interface Payment {
  readonly id: number;
  readonly state: 'open' | 'paid' | 'unknown' | 'gateway busy' | 'not yet due';
}

const states = ['open', 'paid', 'unknown', 'gateway busy', 'not yet due'] as const;
const payment = z.object({ id: z.number(), state: z.enum(states) });

const looks = new Map<string, number>();
const lookAgain = (run: string): number => {
  const count = (looks.get(run) ?? 0) + 1;
  looks.set(run, count);
  return count;
};

// A handler can say more than its result. What it says is data, so no outcome is mistaken for a fault.
const collect = defineTask({
  name: 'payments.collect',
  args: z.tuple([payment]),
  policy: { maxAttempts: 2, backoffMs: 20 },
  handler: async (ctx, { id, state }: Payment) => {
    if (state === 'paid') return ignore('already paid'); // nothing to do: succeeds with null
    if (state === 'unknown') return reject(`there is no payment ${id}`); // no try ever helps: fails, and is kept as a dead letter
    if (state === 'gateway busy' && ctx.attempt === 1) return retry('the gateway is busy', { afterMs: 50 }); // a try that failed
    if (state === 'not yet due' && lookAgain(ctx.run) <= 3) return snooze(50); // a try that does not count, however often
    return `payment ${id} collected, try ${ctx.attempt}`;
  },
});

export default example({ tasks: [collect] }, async (app, print) => {
  const payments = states.map((state, id): Payment => ({ id, state }));
  const run = await app.client.run(group(payments.map((each) => collect.s(each)), 'collect'));
  for (const outcome of await run.result()) print(outcome);
  print({ looks: looks.get(run.id), dead: (await app.depth('tasks')).dead });
});

// Prints:
// {"status":"succeeded","value":"payment 0 collected, try 1"}
// {"status":"succeeded","value":null}
// {"status":"failed","error":{"code":"MILLRACE_TASK_REJECTED","message":"there is no payment 2","retryable":false}}
// {"status":"succeeded","value":"payment 3 collected, try 2"}
// {"status":"succeeded","value":"payment 4 collected, try 1"}
// {"looks":4,"dead":1}
