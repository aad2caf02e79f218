import type { TaskMessage } from '@millrace/contracts';
import { defaultSettings, HintSender } from '@millrace/engine';
import { ManualClock, Slots } from '@millrace/kernel';
import { type AnyTask, defaultPolicy, defineTask, parseRate, Router } from '@millrace/tasks';
import { silentLog } from '@millrace/telemetry';
import { MemoryDocumentStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Execution } from './executor.js';
import { RateLimitedExecutor } from './rate-limited-executor.js';
import { TaskRates } from './task-rates.js';

const task = (name: string, rate?: string, burst?: number): AnyTask =>
  defineTask({ name, args: z.tuple([]), policy: rate === undefined ? {} : { rateLimit: parseRate(rate, burst) }, handler: async () => null });
const tasks = [task('mail.send', '10/s', 2), task('mail.free')];
const queue = { name: 'mail', leaseMs: 4_000, maxDeliveries: 5 };

let clock: ManualClock;
let documents: MemoryDocumentStore;
let begun: Array<{ readonly at: number; readonly message: TaskMessage; readonly execution: Execution }>;
let start: number;

/** A worker, and the broker that brings its messages when their time has come. */
async function worker() {
  const rates = new TaskRates(tasks, { documents, clock, log: silentLog });
  await rates.start();
  const touched: number[] = [];
  const publish = async (messages: ReadonlyArray<{ body: string; delayMs?: number }>) => {
    for (const { body, delayMs = 0 } of messages) clock.after(delayMs, () => void deliver(JSON.parse(body) as TaskMessage));
    return [];
  };
  const hints = new HintSender({ publish, capabilities: { maxDelayMs: 900_000 } as never }, new Router([{ task: '**', queue: 'mail' }], [queue]), { clock, log: silentLog });
  const inner = { execute: async (message: TaskMessage, execution: Execution) => (begun.push({ at: clock.now() - start, message, execution }), { kind: 'ack' as const }) };
  const executor = new RateLimitedExecutor(inner, { rates, hints, clock, settings: defaultSettings, runs: { touch: async (_id, at) => (touched.push(at - start), 'running') } });
  const execution = { queue: 'mail', lease: { lost: new AbortController().signal, extend: async () => true as const }, stopped: new AbortController().signal, slots: new Slots(1), serves: () => true };
  const deliver = (message: TaskMessage) => executor.execute(message, execution);
  return { deliver, touched, rates };
}

const message = (n: number, more: Partial<TaskMessage> = {}): TaskMessage => ({ v: 1, run: `run${n}`, step: '0', task: 'mail.send', epoch: 0, deadlineAt: clock.now() + 60_000, tenant: 'acme', ...more });

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocumentStore(clock);
  begun = [];
  start = clock.now();
});

describe('calls of a task with a rate limit', () => {
  it('begin at that rate after a burst, whichever worker gets them, and the sweeper waits as long', async () => {
    const workers = [await worker(), await worker()];
    for (let n = 0; n < 8; n++) expect(await workers[n % 2]?.deliver(message(n))).toEqual({ kind: 'ack' });
    await clock.advance(10_000);
    expect(begun.map(({ at, message: { run } }) => [at, run])).toEqual([0, 0, 100, 200, 300, 400, 500, 600].map((at, n) => [at, `run${n}`]));
    expect(workers.flatMap(({ touched }) => touched).sort((a, b) => a - b)).toEqual([100, 200, 300, 400, 500, 600].map((at) => at + defaultSettings.sweepAfterMs));
  });

  it('of one key do not wait for those of another', async () => {
    const { deliver } = await worker();
    for (const [n, rateKey] of ['a', 'a', 'a', 'b', 'b', 'b'].entries()) await deliver(message(n, { rateKey }));
    await clock.advance(1_000);
    expect(begun.map(({ at, message: { rateKey } }) => [at, rateKey])).toEqual([[0, 'a'], [0, 'a'], [0, 'b'], [0, 'b'], [100, 'a'], [100, 'b']]);
  });

  it('are parted when a message stands for several', async () => {
    const { deliver } = await worker();
    await deliver(message(0, { members: [3, 8] }));
    await clock.advance(1_000);
    expect(begun.map(({ message: { members } }) => members).sort()).toEqual([[3, 4], [4, 5], [5, 6], [6, 7], [7, 8]]);
    expect(begun.map(({ at }) => at)).toEqual([0, 0, 100, 200, 300]);
  });

  it('are not begun on the delivery of another task', async () => {
    const { deliver } = await worker();
    await deliver(message(0, { task: 'mail.free' }));
    expect(begun[0]?.execution.serves('mail', 'mail.send')).toBe(false);
    expect(begun[0]?.execution.serves('mail', 'mail.free')).toBe(true);
  });
});

describe('a limit that is set at run time', () => {
  it('holds over that of the policy, for a task without one, and for a single key', async () => {
    const { deliver } = await worker();
    const set = (key: string, perSecond: number) => documents.put({ collection: 'rate-limits', key }, JSON.stringify({ perSecond, burst: 1 }));
    await Promise.all([set('mail.send', 1), set('mail.free', 2), set('mail.send/vip', 5)]);
    await clock.advance(5_000);
    start = clock.now();
    for (let n = 0; n < 2; n++) for (const more of [{}, { task: 'mail.free' }, { rateKey: 'vip' }]) await deliver(message(n, more));
    await clock.advance(5_000);
    expect(begun.map(({ at }) => at)).toEqual([0, 0, 0, 200, 500, 1_000]);
    await documents.remove({ collection: 'rate-limits', key: 'mail.free' });
    await clock.advance(5_000);
    for (let n = 0; n < 5; n++) await deliver(message(n, { task: 'mail.free' }));
    expect(begun).toHaveLength(11);
  });
});

describe('a task without a limit', () => {
  it('asks the store nothing', async () => {
    const { deliver } = await worker();
    documents.take = () => Promise.reject(new Error('asked'));
    await deliver(message(0, { task: 'mail.free' }));
    expect(begun).toHaveLength(1);
    expect(defaultPolicy.rateLimit).toBeUndefined();
  });
});
