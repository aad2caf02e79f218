import { pbkdf2Sync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { group, signature } from '@millrace/canvas';
import { defineErrors, MillraceError } from '@millrace/kernel';
import type { ModelDefinition } from '@millrace/models';
import { type AnyTask, defineTask, replace, type TaskContext } from '@millrace/tasks';
import { z } from 'zod';

const anything = z.array(z.unknown());
const path = z.tuple([z.string()]);
const { error } = defineErrors({ MILLRACE_TEST_CODED: { retryable: false, help: '' } });

export const model: ModelDefinition = { name: 'test.double', version: '1', file: new URL('file:///none'), sha256: '', features: 1, input: 'x', output: 'y' };

const aborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    const tell = () => resolve(MillraceError.is(signal.reason) ? signal.reason.code : String(signal.reason));
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell);
  });

const say = (word: string) => async (ctx: TaskContext, ...args: readonly unknown[]) => ctx.log.info({ args }, word);

/** What a pool is tried with. */
export const poolTasks: readonly AnyTask[] = [
  defineTask({ name: 'pool.echo', args: anything, handler: async (_ctx, ...args) => args }),
  defineTask({ name: 'pool.nothing', args: anything, handler: async () => undefined }),
  defineTask({ name: 'pool.facts', args: anything, handler: async ({ run, step, task, tenant, attempt, raw }) => ({ run, step, task, tenant, attempt, raw: raw.key }) }),
  defineTask({
    name: 'pool.artifacts',
    args: z.tuple([z.string()]),
    handler: async ({ artifacts }, text) => {
      const ref = await artifacts.write('note', Buffer.from(text), 'text/plain');
      return { ref, read: Buffer.from(await artifacts.read(ref)).toString(), head: Buffer.from(await artifacts.head(ref, 4)).toString() };
    },
  }),
  defineTask({ name: 'pool.model', args: z.tuple([z.number()]), handler: async (ctx, n) => [...(await ctx.model(model).run(Float32Array.of(n), 1))] }),
  defineTask({ name: 'pool.replaced', args: anything, handler: async () => replace(group([signature('pool.echo', 1), signature('pool.echo', 2)])) }),
  defineTask({ name: 'pool.coded', args: anything, handler: async () => { throw error('MILLRACE_TEST_CODED', 'no use', { detail: { column: 'price' } }); } }),
  defineTask({ name: 'pool.thrown', args: anything, handler: async () => { throw new Error('passing'); } }),
  defineTask({ name: 'pool.logs', args: anything, handler: async (ctx) => ctx.log.info({ rows: 3, err: new Error('shown') }, 'counted') }),
  defineTask({ name: 'pool.times', args: anything, handler: async (ctx) => [ctx.timeLeftMs(), ctx.softTimeLeftMs(), ctx.hardTimeLeftMs()] }),
  // comes to an end when it is told to
  defineTask({ name: 'pool.heedful', args: anything, handler: async (ctx) => aborted(ctx.signal) }),
  defineTask({
    name: 'pool.obedient',
    args: anything,
    handler: async (ctx) => aborted(ctx.signal).then(() => { throw ctx.signal.reason as Error; }),
    onTimeout: say('timeout hook'),
    onRevoked: say('revoked hook'),
  }),
  // returns when there is such a file, whatever it is told
  defineTask({ name: 'pool.deaf', args: path, handler: async (_ctx, file) => { while (!existsSync(file)) await delay(5); } }),
  defineTask({ name: 'pool.booking', args: path, handler: async (_ctx, file) => { while (!existsSync(file)) await delay(5); }, onTimeout: say('booking undone') }),
  defineTask({ name: 'pool.blocking', args: path, handler: async (_ctx, file) => { while (!existsSync(file)); } }),
  // returns much later
  defineTask({ name: 'pool.waiting', args: anything, handler: async () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120_000) }),
  defineTask({ name: 'pool.hashing', args: anything, handler: async () => pbkdf2Sync('a', 'b', 2_000_000_000, 64, 'sha512').length }),
  defineTask({ name: 'pool.exit', args: z.tuple([z.number()]), handler: async (_ctx, code) => process.exit(code) }),
  defineTask({ name: 'pool.signal', args: z.tuple([z.string()]), handler: async (_ctx, signal) => { process.kill(process.pid, signal); await delay(60_000); } }),
  defineTask({ name: 'pool.unwritable', args: anything, handler: async () => 1n }),
];
