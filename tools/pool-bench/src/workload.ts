import { pbkdf2Sync } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Workload } from '@millrace/app';
import { defineTask, type TaskContext } from '@millrace/tasks';
import { z } from 'zod';

const number = z.tuple([z.number()]);
const nothing = z.tuple([]);
const impatient = { softLimitMs: 200, hardLimitMs: 600, maxAttempts: 2, backoffMs: 50 };

/** Tells who started the worker, through its standard output, what a handler does and in which process. */
const say = (word: string, { step, attempt }: TaskContext): void => void process.stdout.write(`${word} ${step} ${attempt} ${process.pid}\n`);

export const tasks = {
  nothing: defineTask({ name: 'pool.nothing', args: number, handler: async (_ctx, n) => n }),
  /** Takes its time, and heeds nothing. */
  slow: defineTask({
    name: 'pool.slow',
    args: number,
    policy: { backoffMs: 50 },
    handler: async (ctx, ms) => {
      say('begun', ctx);
      await delay(ms);
      say('ended', ctx);
      return ms;
    },
  }),
  long: defineTask({ name: 'long.slow', args: number, handler: async (ctx, ms) => { say('begun', ctx); await delay(ms); return ms; } }),
  /** Never return, but for their second try. */
  spinning: defineTask({ name: 'pool.spinning', args: nothing, policy: impatient, handler: async (ctx) => { say('begun', ctx); while (ctx.attempt === 1); return 'survived'; } }),
  hashing: defineTask({
    name: 'pool.hashing',
    args: nothing,
    policy: impatient,
    handler: async (ctx) => {
      say('begun', ctx);
      if (ctx.attempt === 1) pbkdf2Sync('a', 'b', 2_000_000_000, 64, 'sha512');
      return 'survived';
    },
  }),
  /** Ends its process, but for the second try. */
  crashing: defineTask({
    name: 'pool.crashing',
    args: z.tuple([z.enum(['SIGSEGV', 'abort', 'exit'])]),
    policy: { backoffMs: 50 },
    handler: async (ctx, how) => {
      say('begun', ctx);
      if (ctx.attempt > 1) return 'survived';
      if (how === 'abort') process.abort();
      if (how === 'exit') process.exit(3);
      process.kill(process.pid, how);
      await delay(60_000);
      return '';
    },
  }),
  hoarding: defineTask({ name: 'pool.hoarding', args: number, handler: async (_ctx, mb) => hoard.push(Buffer.alloc(mb * 1024 * 1024, 1)) }),
};

const hoard: Buffer[] = [];

export const workload = (): Workload => ({ tasks: Object.values(tasks) });
