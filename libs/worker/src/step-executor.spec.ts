import { branch, type Canvas, chain, chord, group, immutable, signature, withOptions } from '@millrace/canvas';
import { progressOf } from '@millrace/engine';
import { defineErrors } from '@millrace/kernel';
import { defineTask, replace } from '@millrace/tasks';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ExecutorBench } from './test/bench.js';

const anything = z.array(z.unknown());
const { error } = defineErrors({ MILLRACE_TEST_FATAL: { retryable: false, help: '' } });

let calls: Array<readonly unknown[]>;
let failures: number;
const tasks = [
  defineTask({ name: 't.echo', args: anything, handler: async (_ctx, ...args) => (calls.push(args), args) }),
  defineTask({ name: 't.sum', args: z.tuple([z.array(z.number()), z.number()]), handler: async (_ctx, values, plus) => values.reduce((a, b) => a + b, plus) }),
  defineTask({ name: 't.number', args: z.tuple([z.number()]), handler: async (_ctx, n) => n }),
  defineTask({ name: 't.fatal', args: anything, handler: async () => { throw error('MILLRACE_TEST_FATAL', 'no use'); } }),
  defineTask({ name: 't.flaky', args: anything, handler: async (ctx) => { if (failures-- > 0) throw new Error('passing'); return ctx.attempt; } }),
  defineTask({ name: 't.spread', args: z.tuple([z.number()]), handler: async (_ctx, n) => replace(group(Array.from({ length: n }, (_, i) => signature('t.number', i)))) }),
  defineTask({ name: 't.large', args: anything, handler: async () => 'x'.repeat(10_000) }),
  defineTask({ name: 't.hang', args: anything, policy: { softLimitMs: 300 }, handler: () => new Promise<never>(() => undefined) }),
  defineTask({ name: 't.sleepless', args: anything, handler: () => new Promise<never>(() => undefined) }),
  defineTask({ name: 't.misfit', args: anything, handler: async () => replace(group([signature('t.echo')], { quorum: 2 })) }),
  defineTask({
    name: 't.booking',
    args: z.tuple([z.string()]),
    policy: { softLimitMs: 300, maxAttempts: 1 },
    handler: () => new Promise<never>(() => undefined),
    onTimeout: async (ctx, room) => void calls.push(['undone', room, ctx.signal.aborted]),
  }),
  defineTask({ name: 't.unwritable', args: anything, handler: async () => 1n }),
];

let bench: ExecutorBench;
beforeEach(() => {
  calls = [];
  failures = 0;
  bench = new ExecutorBench(tasks);
});

const statusOf = async (step: string) => (await bench.record()).steps[step]?.settlement?.status;
const inlineOf = async (step: string) => {
  const settlement = (await bench.record()).steps[step]?.settlement;
  return settlement?.status === 'succeeded' && 'inline' in settlement.result ? settlement.result.inline : undefined;
};

describe('a step', () => {
  it('gets the previous result before its own arguments', async () => {
    await bench.begin(chain(signature('t.number', 4), signature('t.echo', 'own', 2)));
    await bench.drain();
    expect(calls).toEqual([[4, 'own', 2]]);
    expect(bench.callbacks).toHaveLength(1);
  });

  it('ignores the previous result when its signature is immutable', async () => {
    await bench.begin(chain(signature('t.number', 4), immutable('t.echo', 'own')));
    await bench.drain();
    expect(calls).toEqual([['own']]);
  });

  it('gets the results of a header in order, and runs once', async () => {
    await bench.begin(chord(group([signature('t.number', 1), signature('t.number', 2), signature('t.number', 3)]), signature('t.sum', 10)));
    await bench.drain((n) => n - 1);
    expect(await inlineOf('3')).toBe(16);
    expect((await bench.record()).steps['3']?.claims).toBe(1);
  });

  it('gives way to a canvas, whose value goes to what follows', async () => {
    await bench.begin(chain(signature('t.spread', 4), signature('t.sum', 100)));
    await bench.drain();
    expect(await statusOf('0')).toBe('replaced');
    expect(await inlineOf('1')).toBe(106);
  });

  it('puts a large result into the blob store, and what follows gets it all the same', async () => {
    await bench.begin(chain(signature('t.large'), signature('t.echo')));
    await bench.drain();
    const settlement = (await bench.record()).steps['0']?.settlement;
    expect(settlement).toMatchObject({ status: 'succeeded', result: { ref: { bytes: 10_002 } } });
    expect(calls).toEqual([['x'.repeat(10_000)]]);
  });

  it('is refused with the place when its arguments do not fit', async () => {
    await bench.begin(signature('t.number', 'four'));
    await bench.drain();
    expect((await bench.record()).steps['0']?.settlement).toMatchObject({ status: 'failed', error: { code: 'MILLRACE_TASK_ARGUMENTS', message: expect.stringContaining('0:') } });
  });

  it('fails when the canvas that is to take its place cannot be run', async () => {
    await bench.begin(signature('t.misfit'));
    await bench.drain();
    expect((await bench.record()).steps['0']?.settlement).toMatchObject({ status: 'failed', error: { code: 'MILLRACE_CANVAS_QUORUM' } });
  });

  it('that decides a branch cannot answer with a canvas', async () => {
    await bench.begin(branch(signature('t.spread', 2), { a: signature('t.echo') }));
    await bench.drain();
    expect((await bench.record()).steps['0']?.settlement).toMatchObject({ status: 'failed', error: { code: 'MILLRACE_TASK_CASE' } });
  });

  it('fails when its result cannot be written', async () => {
    await bench.begin(signature('t.unwritable'));
    await bench.drain();
    expect((await bench.record()).steps['0']?.settlement).toMatchObject({ error: { code: 'MILLRACE_TASK_RESULT' } });
  });
});

describe('failure', () => {
  it('that cannot pass settles the step at once; the rest is skipped and the callback called for', async () => {
    await bench.begin(chain(signature('t.fatal'), signature('t.echo')));
    await bench.drain();
    const record = await bench.record();
    expect(record.steps['0']).toMatchObject({ claims: 1, failures: 0, settlement: { status: 'failed', error: { code: 'MILLRACE_TEST_FATAL' } } });
    expect(progressOf(record).steps.get('1')).toEqual({ status: 'skipped', cause: '0' });
    expect(bench.callbacks).toHaveLength(1);
  });

  it('that may pass is tried again, each try counted', async () => {
    failures = 2;
    await bench.begin(signature('t.flaky'));
    await bench.drain();
    expect((await bench.record()).steps['0']).toMatchObject({ claims: 3, failures: 2, settlement: { status: 'succeeded', result: { inline: 3 } } });
  });

  it('that goes on is final after the policy’s last attempt', async () => {
    failures = 10;
    await bench.begin(signature('t.flaky'));
    await bench.drain();
    expect((await bench.record()).steps['0']).toMatchObject({ claims: 3, failures: 2, settlement: { status: 'failed', error: { code: 'MILLRACE_TASK_THREW' } } });
  });

  it('in a collect group leaves the others alone and is told to what follows', async () => {
    await bench.begin(chain(group([signature('t.number', 1), signature('t.fatal')], 'collect'), signature('t.echo')));
    await bench.drain();
    expect(calls[0]?.[0]).toMatchObject([{ status: 'succeeded', value: 1 }, { status: 'failed', error: { code: 'MILLRACE_TEST_FATAL' } }]);
  });
});

describe('time', () => {
  it('aborts a handler at its soft limit and tries again', async () => {
    await bench.begin(signature('t.hang'));
    const running = await bench.started(bench.sent[0]!);
    await bench.clock.advance(301);
    expect(await running.ended).toMatchObject({ kind: 'release' });
    expect((await bench.record()).steps['0']).toMatchObject({ failures: 1 });
  });

  it('lets a task undo what it began when it has run past its limit', async () => {
    await bench.begin(signature('t.booking', 'room 7'));
    const running = await bench.started(bench.sent[0]!);
    await bench.clock.advance(301);
    await running.ended;
    expect(calls).toEqual([['undone', 'room 7', false]]);
    expect((await bench.record()).steps['0']?.settlement).toMatchObject({ status: 'failed', error: { code: 'MILLRACE_TASK_TIMEOUT' } });
  });

  it('lets a task undo what it began when the time of its run is up', async () => {
    await bench.begin(withOptions(signature('t.booking', 'room 8'), { softLimitMs: 60_000 }));
    const running = await bench.started(bench.sent.shift()!);
    await bench.clock.advance(9_001);
    await running.ended;
    expect(calls).toEqual([['undone', 'room 8', false]]);
    expect(await statusOf('0')).toBeUndefined();
  });

  it('leaves a step open that is at work when the run’s time is up, and calls for the callback', async () => {
    await bench.begin(signature('t.sleepless'));
    const running = await bench.started(bench.sent.shift()!);
    await bench.clock.advance(9_001);
    expect(await running.ended).toEqual({ kind: 'ack' });
    expect(await statusOf('0')).toBeUndefined();
    expect(bench.callbacks).toHaveLength(1);
  });

  it('does not begin a step after that', async () => {
    await bench.begin(signature('t.echo'));
    await bench.clock.advance(9_001);
    await bench.execute(bench.sent.shift()!);
    expect(calls).toEqual([]);
    expect(bench.callbacks).toHaveLength(1);
  });

  it('keeps putting off the sweep while a handler is at work', async () => {
    const run = await bench.begin(signature('t.sleepless'));
    await bench.started(bench.sent.shift()!);
    await bench.clock.advance(4_000);
    expect((await bench.record()).sweepAt).toBeGreaterThan(run.createdAt + 4_000);
  });
});

describe('trouble', () => {
  it('deletes a message without a run', async () => {
    await bench.begin(signature('t.echo'));
    expect(await bench.execute({ ...bench.sent[0]!, run: 'ing_unknown' })).toEqual({ kind: 'ack' });
    expect(calls).toEqual([]);
  });

  it('sends again what follows a step that was settled by an earlier delivery', async () => {
    await bench.begin(chain(signature('t.number', 1), signature('t.echo')));
    const first = bench.sent.shift()!;
    await bench.execute(first);
    bench.sent.length = 0;
    await bench.execute(first);
    expect(bench.sent.map((message) => message.step)).toEqual(['1']);
  });

  it('gives up on a step that was begun too often without a result', async () => {
    await bench.begin(signature('t.echo'));
    for (let i = 0; i < 6; i++) await bench.runs.claim('ing_1', { step: '0', sweepAt: 0 });
    await bench.drain();
    expect((await bench.record()).steps['0']?.settlement).toMatchObject({ error: { code: 'MILLRACE_TASK_POISON' } });
    expect(calls).toEqual([]);
  });

  it('writes nothing once the lease is lost', async () => {
    await bench.begin(signature('t.hang'));
    const running = await bench.started(bench.sent[0]!);
    bench.lost.abort();
    await running.ended;
    expect((await bench.record()).steps['0']).toEqual({ claims: 1, failures: 0 });
  });
});

describe('continuation', () => {
  it('goes on with a step of a queue it serves on the same delivery', async () => {
    bench.served = ['work'];
    await bench.begin(chain(signature('t.number', 1), signature('t.number'), signature('t.echo')));
    await bench.execute(bench.sent.shift()!);
    expect(calls).toEqual([[1]]);
    expect(bench.sent).toEqual(bench.callbacks);
    expect(bench.callbacks).toHaveLength(1);
  });
});

const small: fc.Arbitrary<Canvas> = fc.letrec<{ canvas: Canvas }>((tie) => ({
  canvas: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(signature('t.echo'), signature('t.fatal'), signature('t.spread', 3), signature('t.echo', 'a')),
    fc.array(tie('canvas'), { maxLength: 3 }).map((parts) => chain(...parts)),
    fc.tuple(fc.array(tie('canvas'), { maxLength: 3 }), fc.constantFrom('all' as const, 'collect' as const)).map(([members, policy]) => group(members, policy)),
  ),
})).canvas;

describe('any canvas', () => {
  it('comes to its end under repeated and reordered messages, each step settled once, one callback called for', async () => {
    await fc.assert(
      fc.asyncProperty(small, fc.infiniteStream(fc.nat()), async (canvas, noise) => {
        bench = new ExecutorBench(tasks.filter((task) => task.name !== 't.spread').concat(spreadAnyArgs));
        await bench.begin(canvas);
        await bench.drain((n) => {
          const value = noise.next().value as number;
          if (value % 4 === 0 && bench.sent[0] && bench.sent.length < 50) bench.sent.push(bench.sent[value % bench.sent.length]!);
          return value % n;
        });
        const run = progressOf(await bench.record());
        expect(['succeeded', 'failed']).toContain(run.status);
        expect(bench.callbacks.length).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });
});

const spreadAnyArgs = defineTask({ name: 't.spread', args: anything, handler: async () => replace(group([signature('t.echo'), signature('t.echo')])) });
