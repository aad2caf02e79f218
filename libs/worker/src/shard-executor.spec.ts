import { chain, chunks, group, signature } from '@millrace/canvas';
import { progressOf } from '@millrace/engine';
import { defineTask } from '@millrace/tasks';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ExecutorBench } from './test/bench.js';

const anything = z.array(z.unknown());

let calls: unknown[];
let failures: Map<number, number>;
let hang: Promise<void> | undefined;
const tasks = [
  defineTask({
    name: 'w.double',
    args: z.tuple([z.number()]),
    handler: async (_ctx, n) => {
      calls.push(n);
      await hang;
      const left = failures.get(n) ?? 0;
      failures.set(n, left - 1);
      if (left > 0) throw new Error(`not ${n} yet`);
      return n * 2;
    },
  }),
  defineTask({ name: 'w.add', args: z.tuple([z.number(), z.number()]), handler: async (_ctx, a, b) => a + b }),
  defineTask({ name: 'w.total', args: z.tuple([z.array(z.unknown())]), handler: async (_ctx, values) => values.flat().reduce<number>((sum, value) => sum + Number(value), 0) }),
  defineTask({ name: 'w.echo', args: anything, handler: async (_ctx, ...args) => (calls.push(args[0]), null) }),
  defineTask({ name: 'w.large', args: anything, handler: async () => 'x'.repeat(2_000) }),
];

let bench: ExecutorBench;
beforeEach(() => {
  calls = [];
  failures = new Map();
  hang = undefined;
  bench = new ExecutorBench(tasks);
});

const wide = (count: number, task = 'w.double') => group(Array.from({ length: count }, (_, i) => signature(task, i)));
const finalValue = async (step: string) => {
  const settlement = (await bench.record()).steps[step]?.settlement;
  return settlement?.status === 'succeeded' && 'inline' in settlement.result ? settlement.result.inline : settlement;
};

describe('a wide group', () => {
  it('runs each member once, and the body once with all their values in order', async () => {
    await bench.begin(chain(wide(300), signature('w.total')));
    expect(bench.sent.map(({ members }) => members)).toEqual([[0, 128], [0, 128], [0, 44]]);
    await bench.drain((n) => n - 1);
    expect((calls as number[]).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(await finalValue('3')).toBe(300 * 299);
    expect((await bench.record()).steps['3']?.claims).toBe(1);
  });

  it('has as many members at work at once as there are slots, and takes more at a time while they are quick', async () => {
    await bench.begin(wide(100));
    bench.slots.takeFree(7); // of 10, one of them for the delivery itself
    const claimed: number[] = [];
    const { claimMembers } = bench.runs;
    bench.runs.claimMembers = (id, at) => (claimed.push(at.members.length), claimMembers.call(bench.runs, id, at));
    bench.served = ['work'];
    await bench.execute(bench.sent.shift()!);
    expect(claimed).toEqual([4, 8, 16, 32, 32, 8]);
    expect(calls).toHaveLength(100);
    expect(bench.slots.free).toBe(3);
  });

  it('sends the members that it has not begun on in halves when they are slow', async () => {
    await bench.begin(wide(100));
    bench.slots.takeFree(7);
    const { promise, resolve } = Promise.withResolvers<void>();
    hang = promise;
    const running = await bench.started(bench.sent.shift()!);
    await bench.clock.advance(49);
    expect(bench.sent).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.sent.map(({ members }) => members)).toEqual([[4, 52], [52, 100]]);
    resolve();
    await running.ended;
    expect(calls).toEqual([0, 1, 2, 3]);
  });

  it('lets go of what it has not begun when the worker drains', async () => {
    await bench.begin(wide(100));
    bench.served = [];
    await bench.execute(bench.sent.shift()!);
    expect(calls).toHaveLength(11);
    expect(bench.sent.map(({ members }) => members)).toEqual([[11, 56], [56, 100]]);
  });

  it('gives each member the previous result', async () => {
    await bench.begin(chain(signature('w.add', 1, 2), group(Array.from({ length: 70 }, (_, i) => signature('w.add', i))), signature('w.total')));
    await bench.drain();
    expect(await finalValue('2')).toBe(70 * 3 + (69 * 70) / 2);
  });

  it('tries a member again that failed, and no other', async () => {
    failures.set(5, 2);
    await bench.begin(chain(wide(70), signature('w.total')));
    await bench.drain();
    expect(calls.filter((n) => n === 5)).toHaveLength(3);
    expect(calls).toHaveLength(72);
    expect(await finalValue('1')).toBe(70 * 69);
  });

  it('fails with the first of its members that failed, in their order', async () => {
    for (const n of [60, 9]) failures.set(n, 99);
    await bench.begin(chain(wide(70), signature('w.total')));
    await bench.drain();
    const record = await bench.record();
    expect(record.steps['0']?.settlement).toMatchObject({ status: 'failed', error: { message: 'not 9 yet' } });
    expect(progressOf(record).status).toBe('failed');
  });

  it('tells of each member under collect', async () => {
    failures.set(1, 99);
    await bench.begin(chain(group(wide(70).members, 'collect'), signature('w.echo')));
    await bench.drain();
    const outcomes = calls.at(-1) as Array<{ status: string; value?: number }>;
    expect(outcomes.map(({ status }) => status)).toEqual(['succeeded', 'failed', ...Array.from({ length: 68 }, () => 'succeeded')]);
    expect(outcomes[69]).toEqual({ status: 'succeeded', value: 138 });
  });

  it('keeps large values of members apart from the shard', async () => {
    await bench.begin(chain(wide(70, 'w.large'), signature('w.echo')));
    await bench.drain();
    expect(calls).toEqual([Array.from({ length: 70 }, () => 'x'.repeat(2_000))]);
  });

  it('of a run that was cancelled is not begun', async () => {
    const run = await bench.begin(wide(100));
    await bench.runs.cancel(run.id, { frozenAt: bench.clock.now() });
    await bench.drain();
    expect(calls).toEqual([]);
    expect(bench.sent).toEqual([]);
  });

  it('is settled by whoever comes next, when the worker that ran its last member ended before it could', async () => {
    const run = await bench.begin(chain(wide(70), signature('w.total')));
    const first = bench.sent[0]!;
    const { settle } = bench.runs;
    bench.runs.settle = () => Promise.reject(new Error('ended'));
    await expect(bench.drain()).rejects.toThrow('ended');
    bench.runs.settle = settle;
    bench.sent.splice(0, bench.sent.length, first);
    await bench.drain();
    expect(calls).toHaveLength(70);
    expect((await bench.record(run.id)).steps['1']?.settlement).toMatchObject({ status: 'succeeded' });
  });

  it('gives up on a member that was begun too often without a result', async () => {
    const run = await bench.begin(group(wide(70).members, 'collect'));
    for (let i = 0; i < 6; i++) await bench.runs.claimMembers(run.id, { step: '0', members: [3], sweepAt: 0 });
    await bench.drain();
    expect(calls).not.toContain(3);
    const members = await bench.runs.readMembers(run.id, '0');
    expect(members.get(3)?.settlement).toMatchObject({ status: 'failed', error: { code: 'MILLRACE_TASK_POISON' } });
  });
});

describe('chunks', () => {
  it('call the task for each item, some items to a member', async () => {
    await bench.begin(chain(chunks(signature('w.double'), { from: 0, to: 1_000 }, 10), signature('w.total')));
    await bench.drain();
    expect(await finalValue('1')).toBe(1_000 * 999);
    expect(calls).toHaveLength(1_000);
  });

  it('with a skew begin one after the other', async () => {
    await bench.begin(chunks(signature('w.double'), { from: 0, to: 70 }, 1, { skewMs: 100 }));
    await bench.execute(bench.sent.shift()!);
    expect(calls).toEqual([0]);
    expect(bench.sent.map(({ members, notBefore }) => [members, (notBefore ?? 0) - bench.clock.now()])).toEqual(
      Array.from({ length: 69 }, (_, i) => [[i + 1, i + 2], (i + 1) * 100]),
    );
  });
});
