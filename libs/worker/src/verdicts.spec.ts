import { chain, group, immutable, signature } from '@millrace/canvas';
import { defaultSettings, progressOf } from '@millrace/engine';
import { defineTask, ignore, reject, retry, snooze } from '@millrace/tasks';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ExecutorBench } from './test/bench.js';

const anything = z.array(z.unknown());
/** No retry comes sooner than it asks: the policy's own delay is nothing. */
const policy = { maxAttempts: 3, backoffMs: 0 };

class Busy extends Error {
  constructor(readonly retryAfterMs: number) {
    super('busy');
  }
}

let calls: Array<{ readonly at: number; readonly attempt: number }>;
let again: number;
let bench: ExecutorBench;
beforeEach(() => {
  calls = [];
  again = 0;
  bench = new ExecutorBench(tasks);
});

/** A task whose handler says `what` for the first `again` times that it is called. */
const saying = (name: string, what: (...args: readonly unknown[]) => unknown) =>
  defineTask({
    name,
    args: anything,
    policy,
    handler: async (ctx, ...args) => {
      calls.push({ at: bench.clock.now(), attempt: ctx.attempt });
      return again-- > 0 ? what(...args) : 'done';
    },
  });

const tasks = [
  saying('v.retry', (afterMs) => retry('the gateway is busy', { afterMs: Number(afterMs) })),
  saying('v.busy', (retryAfterMs) => {
    throw new Busy(Number(retryAfterMs));
  }),
  saying('v.snooze', (delayMs) => snooze(Number(delayMs))),
  saying('v.flaky-snooze', (delayMs) => {
    if (again % 2 === 0) throw new Error('passing');
    return snooze(Number(delayMs));
  }),
  defineTask({ name: 'v.reject', args: anything, handler: async () => reject('no such customer') }),
  defineTask({ name: 'v.ignore', args: anything, handler: async () => ignore('already paid') }),
  defineTask({ name: 'v.echo', args: anything, handler: async (_ctx, ...args) => args }),
];

const stepOf = async (step = '0') => (await bench.record()).steps[step];
/** When the handler was called, in milliseconds from the first call. */
const times = () => calls.map(({ at }) => at - (calls[0]?.at ?? 0));
const attempts = () => calls.map(({ attempt }) => attempt);

describe('retry', () => {
  it('counts the try, and the next one does not begin before its time', async () => {
    again = 2;
    await bench.begin(signature('v.retry', 500));
    const first = bench.sent[0]!;
    expect(await bench.execute(first)).toEqual({ kind: 'release', delayMs: 500 });
    await bench.clock.advance(500);
    expect(await bench.execute(first)).toEqual({ kind: 'release', delayMs: 500 });
    await bench.clock.advance(500);
    expect(await bench.execute(first)).toEqual({ kind: 'ack' });
    expect(attempts()).toEqual([1, 2, 3]);
    expect(await stepOf()).toMatchObject({ claims: 3, failures: 2, settlement: { status: 'succeeded', result: { inline: 'done' } } });
  });

  it('fails the step with its reason after the last try, and the message is a dead letter', async () => {
    again = 3;
    await bench.begin(signature('v.retry', 0));
    const message = bench.sent[0]!;
    for (let i = 1; i < 3; i++) expect(await bench.execute(message)).toMatchObject({ kind: 'release' });
    expect(await bench.execute(message)).toEqual({ kind: 'reject', reason: 'MILLRACE_TASK_RETRY: the gateway is busy' });
    expect((await stepOf())?.settlement).toMatchObject({ status: 'failed', error: { code: 'MILLRACE_TASK_RETRY', message: 'the gateway is busy' } });
  });
});

describe('an error that says when to come again', () => {
  it('is heard', async () => {
    again = 1;
    await bench.begin(signature('v.busy', 750));
    expect(await bench.execute(bench.sent[0]!)).toEqual({ kind: 'release', delayMs: 750 });
  });

  it('is final when that is beyond the end of the run', async () => {
    again = 1;
    await bench.begin(signature('v.busy', 9_000));
    expect(await bench.execute(bench.sent[0]!)).toMatchObject({ kind: 'reject' });
    expect(await stepOf()).toMatchObject({ claims: 1, failures: 0, settlement: { status: 'failed', error: { code: 'MILLRACE_TASK_THREW', message: 'busy' } } });
  });
});

describe('reject', () => {
  it('fails the step at once and makes its message a dead letter; what follows is skipped', async () => {
    await bench.begin(chain(signature('v.reject'), signature('v.echo')));
    expect(await bench.execute(bench.sent[0]!)).toEqual({ kind: 'reject', reason: 'MILLRACE_TASK_REJECTED: no such customer' });
    expect(await stepOf()).toMatchObject({ claims: 1, failures: 0, settlement: { status: 'failed', error: { code: 'MILLRACE_TASK_REJECTED' } } });
    expect(progressOf(await bench.record()).steps.get('1')).toEqual({ status: 'skipped', cause: '0' });
  });
});

describe('ignore', () => {
  it('succeeds with null, which goes to what follows', async () => {
    await bench.begin(chain(signature('v.ignore'), signature('v.echo', 'own')));
    await bench.drain();
    expect(await stepOf()).toMatchObject({ failures: 0, settlement: { status: 'succeeded', result: { inline: null } } });
    expect(await stepOf('1')).toMatchObject({ settlement: { status: 'succeeded', result: { inline: [null, 'own'] } } });
  });
});

describe('snooze', () => {
  const often = 5 * defaultSettings.maxClaims;

  it('comes again when it said, as often as it likes, and no try of it counts', async () => {
    again = often;
    await bench.begin(signature('v.snooze', 200));
    await bench.drain();
    expect(times()).toEqual(Array.from({ length: often + 1 }, (_, i) => i * 200));
    expect(new Set(attempts())).toEqual(new Set([1]));
    expect(await stepOf()).toMatchObject({ claims: often + 1, failures: 0, snoozes: often, settlement: { status: 'succeeded', result: { inline: 'done' } } });
  });

  it('comes with a new message each time, as brokers count the deliveries of each', async () => {
    again = 1;
    const { ids } = catchIds();
    await bench.begin(signature('v.snooze', 200));
    const [first] = bench.sent;
    expect(await bench.execute(first!)).toEqual({ kind: 'ack' });
    expect(bench.sent.slice(1)).toMatchObject([{ step: '0', notBefore: bench.clock.now() + 200 }]);
    expect(new Set(ids).size).toBe(2);
  });

  it('leaves failed tries counted', async () => {
    again = 4;
    await bench.begin(signature('v.flaky-snooze', 100));
    await bench.drain();
    expect(attempts()).toEqual([1, 1, 2, 2, 3]);
    expect(await stepOf()).toMatchObject({ claims: 5, failures: 2, snoozes: 2, settlement: { status: 'succeeded' } });
  });

  it('does not hide that a step was begun too often without coming to anything', async () => {
    again = 2;
    await bench.begin(signature('v.snooze', 0));
    for (let i = 0; i < 2; i++) await bench.execute(bench.sent.shift()!);
    for (let i = 0; i < defaultSettings.maxClaims; i++) await bench.runs.claim('ing_1', { step: '0', sweepAt: bench.clock.now() });
    expect(await bench.execute(bench.sent.shift()!)).toMatchObject({ kind: 'reject' });
    expect((await stepOf())?.settlement).toMatchObject({ status: 'failed', error: { code: 'MILLRACE_TASK_POISON' } });
  });

  it('beyond the end of the run fails the step', async () => {
    again = 1;
    await bench.begin(signature('v.snooze', 9_000));
    expect(await bench.execute(bench.sent[0]!)).toEqual({ kind: 'ack' });
    expect((await stepOf())?.settlement).toMatchObject({ status: 'failed', error: { code: 'MILLRACE_TASK_EXPIRED' } });
  });

  it('of a step that follows on the same delivery acknowledges that', async () => {
    again = 1;
    bench.served = ['work'];
    await bench.begin(chain(signature('v.echo'), immutable('v.snooze', 300)));
    expect(await bench.execute(bench.sent.shift()!)).toEqual({ kind: 'ack' });
    expect(bench.sent).toMatchObject([{ step: '1', notBefore: bench.clock.now() + 300 }]);
    await bench.drain();
    expect(await stepOf('1')).toMatchObject({ snoozes: 1, settlement: { status: 'succeeded' } });
  });

  it('keeps the turn under a rate limit', async () => {
    again = 1;
    await bench.begin(signature('v.snooze', 300));
    await bench.execute({ ...bench.sent.shift()!, turn: true });
    expect(bench.sent).toMatchObject([{ step: '0', turn: true }]);
  });

  it('is found by the sweeper when its message is lost', async () => {
    again = 1;
    await bench.begin(signature('v.snooze', 3_000));
    await bench.execute(bench.sent[0]!);
    const { sweepAt = 0 } = await bench.record();
    expect(sweepAt - bench.clock.now()).toBe(3_000 + defaultSettings.sweepAfterMs);
  });

  it('of members of a wide group puts off those alone, each with a message of its own', async () => {
    again = often;
    await bench.begin(group(Array.from({ length: 80 }, () => signature('v.snooze', 50))));
    await bench.drain();
    expect(calls).toHaveLength(80 + often);
    expect(new Set(attempts())).toEqual(new Set([1]));
    const members = [...(await bench.runs.readMembers('ing_1', '0')).values()];
    expect(members.map(({ settlement }) => settlement?.status)).toEqual(members.map(() => 'succeeded'));
    expect(members.reduce((sum, { snoozes = 0 }) => sum + snoozes, 0)).toBe(often);
    expect(members.map(({ failures }) => failures)).toEqual(members.map(() => 0));
  });

  it('of one member alone sends a new message', async () => {
    again = 2;
    const { ids } = catchIds();
    await bench.begin(group(Array.from({ length: 80 }, () => signature('v.snooze', 50))));
    const [shard] = bench.sent.splice(0);
    for (let i = 0; i < 2; i++) {
      expect(await bench.execute({ ...shard!, members: [7, 8], turn: true })).toEqual({ kind: 'ack' });
      expect(bench.sent.splice(0)).toMatchObject([{ members: [7, 8], turn: true, notBefore: bench.clock.now() + 50 }]);
    }
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** The ids of the messages that are sent from now on. */
function catchIds(): { readonly ids: string[] } {
  const ids: string[] = [];
  bench.onPublish = (messages) => ids.push(...messages.map(({ id }) => id));
  return { ids };
}
