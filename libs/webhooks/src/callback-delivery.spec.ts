import { signature } from '@millrace/canvas';
import type { TaskMessage } from '@millrace/contracts';
import { ArtifactStore, callbackTask, defaultSettings, finalKey, StepResults } from '@millrace/engine';
import { ManualClock, seededRandom, Slots } from '@millrace/kernel';
import type { RunRecord } from '@millrace/run-store';
import { Metrics, silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryRunStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { CallbackDelivery } from './callback-delivery.js';
import { Finaliser } from './finaliser.js';
import type { CallbackResponse } from './post-callback.js';
import { verify } from './verify.js';

const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc='];
const execution = { lease: { lost: new AbortController().signal, extend: async () => true }, stopped: new AbortController().signal, serves: () => false, slots: new Slots(1) };
const timing = { claimedAt: 0, settledAt: 0, handlerMs: 0 };

interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

let clock: ManualClock;
let runs: MemoryRunStore;
let blobs: MemoryBlobStore;
let posts: Post[];
let answer: (post: Post) => Promise<CallbackResponse>;
let composed: number;

const ok = async (): Promise<CallbackResponse> => ({ kind: 'response', status: 204 });

function delivery(inlineBytes = 20_480): CallbackDelivery {
  const compose = (record: RunRecord, results: ReadonlyMap<string, unknown>, resultUrl?: string) =>
    ({ data: { id: record.id, nth: ++composed, results: resultUrl ?? Object.fromEntries(results) } }) as never;
  const finaliser = new Finaliser(runs, blobs, new StepResults(new ArtifactStore(blobs)), { compose, inlineBytes, resultUrl: (id) => `https://api/${id}` });
  const client = { post: (url: string, headers: Record<string, string>, body: Uint8Array) => (posts.push({ url, headers, body }), answer({ url, headers, body })), close: async () => undefined };
  return new CallbackDelivery({ finaliser, runs, client, secrets, clock, random: seededRandom(5), log: silentLog, metrics: new Metrics('test'), settings: defaultSettings });
}

const message: TaskMessage = { v: 1, run: 'ing_1', step: 'callback', task: callbackTask, epoch: 0, deadlineAt: 1, tenant: 'default' };

async function begin(callback: { callback?: { url: string } } = { callback: { url: 'https://example.com/hook' } }): Promise<void> {
  const now = clock.now();
  const raw = { key: 'raw/x', bytes: 1, sha256: '0'.repeat(64), contentType: 'text/csv' };
  await runs.create({ id: 'ing_1', tenant: 'default', canvas: signature('a.b'), raw, createdAt: now, finaliseAt: now + 9_000, deadlineAt: now + 10_000, ...callback }, now + 2_000);
  await runs.claim('ing_1', { step: '0', sweepAt: now + 2_000 });
  await runs.settle('ing_1', { step: '0', sweepAt: now + 2_000 }, { status: 'succeeded', result: { inline: { found: 7 } }, timing });
}

const record = async () => (await runs.read('ing_1')) as RunRecord;

beforeEach(async () => {
  clock = new ManualClock();
  runs = new MemoryRunStore();
  blobs = new MemoryBlobStore();
  posts = [];
  answer = ok;
  composed = 0;
  await begin();
});

describe('CallbackDelivery', () => {
  it('freezes the outcome, writes its body, signs those bytes with every secret and delivers them', async () => {
    expect(await delivery().execute(message, execution)).toEqual({ kind: 'ack' });
    const { headers, body, url } = posts[0]!;
    expect(url).toBe('https://example.com/hook');
    expect(headers['webhook-id']).toBe('msg_ing_1');
    expect(Buffer.from(body)).toEqual(Buffer.from(await blobs.get(finalKey('ing_1'))));
    for (const secret of secrets) expect(verify({ secrets: [secret], headers, body, nowSeconds: Math.floor(clock.now() / 1000) })).toMatchObject({ ok: true });
    expect(await record()).toMatchObject({ status: 'delivered', delivery: { attempts: 1, log: [{ status: 204 }] } });
  });

  it('drops what comes after the freeze', async () => {
    await delivery().execute(message, execution);
    expect(await runs.settle('ing_1', { step: '0', sweepAt: 0 }, { status: 'succeeded', result: { inline: 8 }, timing })).toMatchObject({ applied: false });
  });

  it('sends the same bytes under the same id on every attempt, signed at its own time', async () => {
    answer = async () => ({ kind: 'response', status: 500 });
    await delivery().execute(message, execution);
    await clock.advance(7_000);
    answer = ok;
    await delivery().execute(message, execution);
    expect(posts).toHaveLength(2);
    expect(Buffer.from(posts[1]!.body)).toEqual(Buffer.from(posts[0]!.body));
    expect(posts[1]?.headers['webhook-id']).toBe(posts[0]?.headers['webhook-id']);
    expect(posts[1]?.headers['webhook-timestamp']).not.toBe(posts[0]?.headers['webhook-timestamp']);
    expect(posts[1]?.headers['webhook-attempt']).toBe('2');
    expect(composed).toBe(1);
  });

  it('goes by the body that was written first', async () => {
    await blobs.put(finalKey('ing_1'), Buffer.from('{"first":true}'));
    await delivery().execute(message, execution);
    expect(Buffer.from(posts[0]!.body).toString()).toBe('{"first":true}');
  });

  it('does not try again before its time, whatever messages come', async () => {
    answer = async () => ({ kind: 'error', reason: 'connect', message: 'connection refused' });
    await delivery().execute(message, execution);
    const { status, delivery: seen, sweepAt } = await record();
    expect(status).toBe('delivering');
    expect(seen?.log).toMatchObject([{ error: 'connection refused' }]);
    expect(seen?.nextAt).toBe(sweepAt);
    await delivery().execute(message, execution);
    expect(posts).toHaveLength(1);
  });

  it('lets one attempt own the delivery', async () => {
    let release: (response: CallbackResponse) => void = () => undefined;
    answer = () => new Promise((resolve) => (release = resolve));
    const first = delivery().execute(message, execution);
    await clock.advance(0);
    await delivery().execute(message, execution);
    expect(posts).toHaveLength(1);
    release({ kind: 'response', status: 200 });
    await first;
  });

  it('puts off the sweep while the receiver takes its time', async () => {
    let release: (response: CallbackResponse) => void = () => undefined;
    answer = () => new Promise((resolve) => (release = resolve));
    const first = delivery().execute(message, execution);
    await clock.advance(8_000);
    expect((await record()).sweepAt).toBeGreaterThan(clock.now());
    release({ kind: 'response', status: 200 });
    await first;
  });

  it('takes over from a worker that died while it owned the delivery', async () => {
    answer = () => new Promise(() => undefined);
    void delivery().execute(message, { ...execution });
    await clock.advance(0);
    await runs.touch('ing_1', 0);
    answer = ok;
    await clock.advance(5_000);
    await delivery().execute(message, execution);
    expect(posts).toHaveLength(2);
    expect((await record()).status).toBe('delivered');
  });

  it('ends for good at 410, and after the tenth attempt', async () => {
    answer = async () => ({ kind: 'response', status: 410 });
    await delivery().execute(message, execution);
    expect((await record()).status).toBe('endpoint-disabled');

    runs = new MemoryRunStore();
    await begin();
    answer = async () => ({ kind: 'response', status: 503 });
    for (let attempt = 1; attempt <= 10; attempt++) {
      await delivery().execute(message, execution);
      await clock.advance(30 * 3_600_000);
    }
    expect(await record()).toMatchObject({ status: 'exhausted', delivery: { attempts: 10 } });
    expect(posts).toHaveLength(11);
  });

  it('carries a link instead of results that are too large', async () => {
    await delivery(10).execute(message, execution);
    expect(JSON.parse(Buffer.from(posts[0]!.body).toString())).toMatchObject({ data: { results: 'https://api/ing_1' } });
  });

  it('ends a run without a callback by making its outcome readable', async () => {
    runs = new MemoryRunStore();
    await begin({});
    await delivery().execute(message, execution);
    expect(posts).toEqual([]);
    expect((await record()).status).toBe('delivered');
    expect(await blobs.stat(finalKey('ing_1'))).toBeDefined();
  });

  it.each(['received', 'running'] as const)('leaves a run alone that is %s, until it is over or its time is up', async (status) => {
    runs = new MemoryRunStore();
    const now = clock.now();
    await runs.create({ id: 'ing_1', tenant: 'default', canvas: signature('a.b'), createdAt: now, finaliseAt: now + 9_000, deadlineAt: now + 10_000, callback: { url: 'https://example.com/hook' } }, now);
    if (status === 'running') await runs.claim('ing_1', { step: '0', sweepAt: now });
    expect(await delivery().execute(message, execution)).toEqual({ kind: 'ack' });
    await clock.advance(8_400);
    expect(await delivery().execute(message, execution)).toEqual({ kind: 'release', delayMs: 600 });
    expect(await record()).toMatchObject({ status });
    expect(posts).toEqual([]);
    await clock.advance(600);
    await delivery().execute(message, execution);
    expect(await record()).toMatchObject({ status: 'delivered', final: { frozenAt: now + 9_000 } });
  });

  it.each(['finished', 'cancelled'] as const)('does nothing about a run that is %s', async (status) => {
    await runs[status === 'finished' ? 'finish' : 'cancel']('ing_1', { frozenAt: clock.now() });
    expect(await delivery().execute(message, execution)).toEqual({ kind: 'ack' });
    expect(await record()).toMatchObject({ status });
    expect(posts).toEqual([]);
    expect(composed).toBe(0);
  });

  it('deletes a message without a run', async () => {
    expect(await delivery().execute({ ...message, run: 'ing_2' }, execution)).toEqual({ kind: 'ack' });
    expect(posts).toEqual([]);
  });
});
