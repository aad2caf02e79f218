import type { OutgoingMessage } from '@millrace/broker';
import { chain, group, onError, quorum, signature, withOptions } from '@millrace/canvas';
import { decodeTaskMessage, type TaskMessage } from '@millrace/contracts';
import { defaultSettings, FollowUp, HintSender, StepResults, Sweeper } from '@millrace/engine';
import { ManualClock, seededRandom, Slots } from '@millrace/kernel';
import { defineTask, replace, Router } from '@millrace/tasks';
import { Metrics, silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryDocumentStore, MemoryRunStore } from '@millrace/testkit';
import { ArtifactStore } from '@millrace/engine';
import { TaskExecutor } from '@millrace/worker';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Client } from './client.js';
import type { RunEvent } from './run-events.js';

const anything = z.array(z.unknown());
const add = defineTask({ name: 'n.add', args: z.tuple([z.number(), z.number()]), handler: async (_ctx, a, b) => a + b });
const tasks = [
  add,
  defineTask({ name: 'n.fail', args: anything, policy: { maxAttempts: 1 }, handler: async () => { throw new Error('no use'); } }),
  defineTask({ name: 'n.spread', args: anything, handler: async () => replace(group([add.s(1, 1), add.s(2, 2)])) }),
  defineTask({ name: 'n.sum', args: z.tuple([z.array(z.number())]), handler: async (_ctx, values) => values.reduce((a, b) => a + b, 0) }),
  defineTask({ name: 'n.count', args: z.tuple([z.array(z.unknown())]), handler: async (_ctx, values) => values.map((value) => (value as { status: string }).status) }),
];

let clock: ManualClock;
let runs: MemoryRunStore;
let sent: TaskMessage[];
let documents: MemoryDocumentStore;
let client: Client;
let sweeper: Sweeper;
let executor: TaskExecutor;
let flush: () => Promise<void>;

beforeEach(() => {
  clock = new ManualClock();
  runs = new MemoryRunStore();
  sent = [];
  const router = new Router([{ task: 'n.*', queue: 'work' }], [{ name: 'work', leaseMs: 4_000, maxDeliveries: 10 }]);
  const publish = async (messages: readonly OutgoingMessage[]) => (sent.push(...messages.map(({ body }) => decodeTaskMessage(body))), []);
  const capabilities = { maxDelayMs: 900_000, maxBytes: 262_144, deduplicates: false, exactDepth: true, priorities: false, groupsTakeTurns: false };
  const base = { clock, random: seededRandom(1), log: silentLog, metrics: new Metrics('test'), settings: defaultSettings };
  const hints = new HintSender({ publish, capabilities }, router, base);
  const artifacts = new ArtifactStore(new MemoryBlobStore());
  const followUp = new FollowUp(runs, base);
  documents = new MemoryDocumentStore(clock);
  client = new Client({ ...base, runs, documents, results: new StepResults(artifacts), followUp, hints });
  sweeper = new Sweeper(runs, followUp, hints, base);
  executor = new TaskExecutor(tasks, { ...base, runs, artifacts, hints, models: { get: () => { throw new Error('none'); } } });
  flush = () => hints.flush();
});

const slots = new Slots(10);
const execution = { queue: 'tasks', lease: { lost: new AbortController().signal, extend: async () => true }, stopped: new AbortController().signal, slots, serves: () => false };

/** Carries out all messages there are. */
async function drain(): Promise<void> {
  for (await flush(); sent.length > 0; await flush()) {
    const message = sent.shift()!;
    if ((message.notBefore ?? 0) > clock.now()) await clock.advance((message.notBefore ?? 0) - clock.now());
    const disposition = await executor.execute(message, execution);
    if (disposition.kind === 'release') sent.push(message);
  }
}

describe('a run', () => {
  it('gives the value of its canvas', async () => {
    const run = await client.run(chain(group([add.s(1, 2), add.s(3, 4)]), signature('n.sum')));
    await drain();
    expect(await run.result()).toBe(10);
    expect((await run.status()).status).toBe('finished');
  });

  it('of an empty canvas is over at once', async () => {
    const run = await client.run(group([]));
    expect(await run.result()).toEqual([]);
    expect((await run.status()).status).toBe('finished');
  });

  it('can be waited for before it is over', async () => {
    const run = await client.send('n.add', [1, 2]);
    const result = run.result();
    await drain();
    expect(await result).toBe(3);
  });

  it('is begun once under one id', async () => {
    await client.send(add, [1, 2], { id: 'once' });
    await client.send(add, [5, 5], { id: 'once' });
    await flush();
    expect(sent).toHaveLength(1);
    await drain();
    expect(await client.handle('once').result()).toBe(3);
  });

  it('is begun once under one key within its window, and anew after it', async () => {
    const dedup = { key: 'order 17: žluťoučký', windowMs: 1_000 };
    const all = await Promise.all([1, 2, 3].map((value) => client.send(add, [value, 0], { dedup, retentionMs: 10 })));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    await drain();
    expect(await all[2]?.result()).toBe(1);
    await clock.advance(999);
    expect((await client.send(add, [4, 0], { dedup })).id).toBe(all[0]?.id);
    const others = [await client.send(add, [5, 0], { dedup, tenant: 'other' }), await client.send(add, [5, 0], { dedup: { ...dedup, key: 'order 18' } })];
    await clock.advance(1);
    const again = await client.send(add, [6, 0], { dedup });
    expect(new Set([...all, ...others, again].map(({ id }) => id)).size).toBe(4);
    await drain();
    expect(await again.result()).toBe(6);
  });

  it('that was to be begun by a client that was killed is begun by the next', async () => {
    const { create } = runs;
    runs.create = () => Promise.reject(new Error('killed'));
    const dedup = { key: 'order 17', windowMs: 1_000 };
    await expect(client.send(add, [1, 2], { id: 'first', dedup })).rejects.toThrow('killed');
    runs.create = create;
    const run = await client.send(add, [1, 2], { dedup });
    expect(run.id).toBe('first');
    await drain();
    expect(await run.result()).toBe(3);
  });

  it('asks for no document without a key, and for no window that is none', async () => {
    documents.put = () => Promise.reject(new Error('not to be asked'));
    await client.send(add, [1, 2]);
    for (const windowMs of [0, -1, Number.NaN, 86_400_001]) await expect(client.send(add, [1, 2], { dedup: { key: 'a', windowMs } })).rejects.toThrow(RangeError);
  });

  it('that fails says in which step and why', async () => {
    const run = await client.run(chain(add.s(1, 2), signature('n.fail'), signature('n.add', 1)));
    await drain();
    await expect(run.result()).rejects.toMatchObject({ code: 'MILLRACE_RUN_FAILED', message: expect.stringContaining('no use'), detail: { step: '1', error: { code: 'MILLRACE_TASK_THREW' } } });
    expect((await run.status()).steps.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'skipped']);
  });

  it('is refused when a step would go nowhere', async () => {
    await expect(client.run(signature('other.task'))).rejects.toMatchObject({ code: 'MILLRACE_ROUTE_MISSING' });
    await expect(client.run(withOptions(add.s(1, 2), { queue: 'gone' }))).rejects.toMatchObject({ code: 'MILLRACE_ROUTE_DEAD' });
    expect(await runs.due(Infinity, 10)).toEqual([]);
  });

  it('whose time is up has no value', async () => {
    const run = await client.send(add, [1, 2], { timeoutMs: 5_000 });
    await clock.advance(5_001);
    await sweeper.sweep();
    await expect(run.result()).rejects.toMatchObject({ code: 'MILLRACE_RUN_LATE' });
  });

  it('can be waited for in vain', async () => {
    const run = await client.send(add, [1, 2]);
    const [refused] = await Promise.allSettled([run.result({ timeoutMs: 700 }), clock.advance(701)]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'MILLRACE_RUN_NOT_YET' } });
    await expect(client.handle('nobody').result()).rejects.toMatchObject({ code: 'MILLRACE_RUN_UNKNOWN' });
  });

  it('that was cancelled stays so, and begins nothing more', async () => {
    const run = await client.run(chain(add.s(1, 2), signature('n.add', 1)));
    expect(await run.cancel('a mistake')).toBe(true);
    expect(await run.cancel()).toBe(false);
    await drain();
    await clock.advance(10_000);
    expect(await sweeper.sweep()).toBe(0);
    expect(await run.status()).toMatchObject({ status: 'cancelled', reason: 'a mistake', steps: [{ claims: 0 }, { claims: 0 }] });
    await expect(run.result()).rejects.toMatchObject({ code: 'MILLRACE_RUN_CANCELLED', message: expect.stringContaining('a mistake') });
  });

  it('tells what happens to it, in order', async () => {
    const run = await client.run(chain(add.s(1, 2), signature('n.add', 1)));
    const events: RunEvent[] = [];
    const reading = (async () => {
      for await (const event of run.events()) events.push(event);
    })();
    await drain();
    await reading;
    const first = events.filter((event) => event.type === 'step' && event.step === '0').map(({ status }) => status);
    expect(first.at(-1)).toBe('succeeded');
    expect(events.at(-1)).toEqual({ type: 'run', status: 'finished' });
  });
});

describe('options of a signature', () => {
  it('keep a step back for its countdown', async () => {
    const begunAt = clock.now();
    const run = await client.run(chain(add.s(1, 2), withOptions(signature('n.add', 1), { countdownMs: 5_000 })));
    await drain();
    expect(await run.result()).toBe(4);
    expect((await run.status()).steps[1]?.settledAt).toBeGreaterThanOrEqual(begunAt + 5_000);
  });

  it('keep a step back until its time', async () => {
    const eta = clock.now() + 7_000;
    const run = await client.run(withOptions(add.s(1, 2), { eta }));
    await drain();
    expect((await run.status()).steps[0]?.settledAt).toBeGreaterThanOrEqual(eta);
  });

  it('let a step expire that is begun too late', async () => {
    const run = await client.run(withOptions(add.s(1, 2), { expiresMs: 1_000 }));
    await clock.advance(1_500);
    await drain();
    await expect(run.result()).rejects.toMatchObject({ message: expect.stringContaining('MILLRACE_TASK_EXPIRED') });
  });

  it('do not have a delayed step sent again before its time', async () => {
    await client.run(withOptions(add.s(1, 2), { countdownMs: 30_000 }));
    await flush();
    for (let i = 0; i < 20; i++) {
      await clock.advance(1_000);
      await sweeper.sweep();
    }
    await flush();
    expect(sent).toHaveLength(1);
  });
});

describe('joins', () => {
  it('go on as soon as a quorum has succeeded', async () => {
    const run = await client.run(chain(group([add.s(1, 1), signature('n.fail'), add.s(2, 2)], quorum(1)), signature('n.count')));
    await flush();
    await executor.execute(sent.splice(2, 1)[0]!, execution);
    await drain();
    expect(await run.result()).toEqual(['revoked', 'revoked', 'succeeded']);
  });

  it('fail as soon as a quorum is out of reach', async () => {
    const run = await client.run(chain(group([add.s(1, 1), signature('n.fail'), signature('n.fail')], quorum(2)), signature('n.count')));
    await flush();
    await executor.execute(sent.pop()!, execution);
    await executor.execute(sent.pop()!, execution);
    await expect(run.result()).rejects.toMatchObject({ code: 'MILLRACE_RUN_FAILED' });
  });

  it('go on without those that are late at their deadline', async () => {
    const run = await client.run(chain(group([add.s(1, 1), signature('n.slow-elsewhere')], { policy: 'collect', deadlineMs: 1_000 }), signature('n.count')));
    await flush();
    sent = sent.filter(({ task }) => task !== 'n.slow-elsewhere');
    await drain();
    await clock.advance(1_001);
    await sweeper.sweep();
    await drain();
    expect(await run.result()).toEqual(['succeeded', 'late']);
  });

  it('have their handler run on an error, and fail all the same', async () => {
    const run = await client.run(onError(chain(signature('n.fail'), signature('n.add', 1)), signature('n.spread')));
    await drain();
    await expect(run.result()).rejects.toMatchObject({ code: 'MILLRACE_RUN_FAILED', detail: { step: '0' } });
    const statuses = (await run.status()).steps.map(({ step, status }) => [step, status]);
    expect(Object.fromEntries(statuses)).toMatchObject({ '0': 'failed', '1': 'skipped', '2.0': 'succeeded', '2.1': 'succeeded' });
  });
});
