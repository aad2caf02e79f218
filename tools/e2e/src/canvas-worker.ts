import { App, type Profile } from '@millrace/app';
import { defineTask } from '@millrace/tasks';
import { z } from 'zod';

/** Takes its time, and tells the test through its standard output what it does. */
export const slow = defineTask({
  name: 'slow.step',
  args: z.tuple([z.number()]),
  handler: async (ctx, ms) => {
    process.stdout.write(`begun ${ctx.step}\n`);
    await new Promise<void>((resolve, reject) => {
      setTimeout(resolve, ms);
      ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error));
    });
    process.stdout.write(`ended ${ctx.step}\n`);
    return ms;
  },
  onRevoked: async (ctx) => {
    process.stdout.write(`revoked ${ctx.step}\n`);
  },
});

/** With a profile as its argument, a worker process for tests. */
const [, script, argument] = process.argv;
if (script === import.meta.filename && argument !== undefined) {
  const app = await App.open({ profile: JSON.parse(argument) as Profile, tasks: [slow] });
  await app.work();
  process.stdout.write('ready\n');
  process.on('SIGTERM', () => void app.close());
}
