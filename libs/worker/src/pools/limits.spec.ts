import { signature, withOptions } from '@millrace/canvas';
import { defineTask } from '@millrace/tasks';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ExecutorBench } from '../test/bench.js';

const nothing = z.tuple([]);
const limits = { softLimitMs: 300, hardLimitMs: 1_000, maxAttempts: 1 };

let told: unknown[];
const tasks = [
  defineTask({
    name: 't.tidy',
    args: nothing,
    policy: limits,
    handler: (ctx) => new Promise<string>((resolve) => ctx.signal.addEventListener('abort', () => ctx.hardTimeLeftMs() === 700 && resolve('tidied up'))),
  }),
  defineTask({ name: 't.deaf', args: nothing, policy: limits, handler: () => new Promise<never>(() => undefined), onTimeout: async () => void told.push('undone') }),
  defineTask({ name: 't.times', args: nothing, policy: { softLimitMs: 300 }, handler: async (ctx) => [ctx.softTimeLeftMs(), ctx.hardTimeLeftMs(), ctx.timeLeftMs()] }),
];

let bench: ExecutorBench;
beforeEach(() => {
  told = [];
  bench = new ExecutorBench(tasks);
});

const settlement = async () => (await bench.record()).steps['0']?.settlement;

describe('a hard limit', () => {
  it('leaves a handler the time from the soft one to clean up, and what it comes to counts', async () => {
    await bench.begin(signature('t.tidy'));
    const { ended } = await bench.started(bench.sent[0]!);
    await bench.clock.advance(300);
    await ended;
    expect(await settlement()).toMatchObject({ status: 'succeeded', result: { inline: 'tidied up' } });
  });

  it('ends the try, and lets the task undo what it began', async () => {
    await bench.begin(signature('t.deaf'));
    const { ended } = await bench.started(bench.sent[0]!);
    await bench.clock.advance(999);
    expect(await settlement()).toBeUndefined();
    await bench.clock.advance(1);
    await ended;
    expect(await settlement()).toMatchObject({ status: 'failed', error: { code: 'MILLRACE_TASK_KILLED', retryable: true } });
    expect(told).toEqual(['undone']);
  });

  it('of a signature overrules that of its task', async () => {
    await bench.begin(withOptions(signature('t.deaf'), { hardLimitMs: 400 }));
    const { ended } = await bench.started(bench.sent[0]!);
    await bench.clock.advance(400);
    await ended;
    expect(await settlement()).toMatchObject({ error: { code: 'MILLRACE_TASK_KILLED' } });
  });

  it('a handler sees how long it has, and without a hard limit the soft one counts', async () => {
    await bench.begin(signature('t.times'));
    await bench.drain();
    expect(await settlement()).toMatchObject({ result: { inline: [300, 300, 9_000] } });
  });
});
