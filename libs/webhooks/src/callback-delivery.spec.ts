import { createHash } from 'node:crypto';
import { signature } from '@millrace/canvas';
import { finalKey, outcomeKey } from '@millrace/engine';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallbackResponse } from './post-callback.js';
import { answering, callbackUrl, deploymentSecrets, DispatchRig, origin, unanswered } from './test/dispatch-rig.js';
import { verify } from './test/verify.js';

const timing = { claimedAt: 0, settledAt: 0, handlerMs: 0 };
let rig: DispatchRig;

beforeEach(async () => {
  rig = new DispatchRig();
  vi.useFakeTimers({ toFake: ['Date'], now: rig.clock.now() });
  await rig.begin();
});
afterEach(() => vi.useRealTimers());

/** Answers when told to. */
function later(): (response: CallbackResponse) => void {
  let release: (response: CallbackResponse) => void = () => undefined;
  rig.answer = () => new Promise((resolve) => (release = resolve));
  return (response) => release(response);
}

describe('CallbackDelivery', () => {
  it('freezes the outcome, writes its body, signs those bytes with every secret and delivers them', async () => {
    expect(await rig.deliver()).toEqual({ kind: 'ack' });
    const { headers, body, url } = rig.posts[0]!;
    expect(url).toBe(callbackUrl);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'msg_ing_1', 'webhook-attempt': '1', 'user-agent': expect.stringMatching(/^millrace-callback\//) });
    expect(Buffer.from(body)).toEqual(Buffer.from(await rig.blobs.get(finalKey('ing_1'))));
    for (const secret of deploymentSecrets) expect(verify({ secrets: [secret], headers, body, nowSeconds: Math.floor(rig.clock.now() / 1000) })).toMatchObject({ ok: true });
    expect(await rig.record()).toMatchObject({ status: 'delivered', delivery: { attempts: 1, log: [{ status: 204 }] } });
  });

  it('drops what comes after the freeze', async () => {
    await rig.deliver();
    expect(await rig.runs.settle('ing_1', { step: '0', sweepAt: 0 }, { status: 'succeeded', result: { inline: 8 }, timing })).toMatchObject({ applied: false });
  });

  it('sends the same bytes under the same id on every attempt, signed at its own time', async () => {
    rig.answer = answering(500);
    await rig.deliver();
    await rig.advance(7_000);
    rig.answer = answering(200);
    await rig.deliver();
    const [first, second] = rig.posts;
    expect(rig.posts).toHaveLength(2);
    expect(Buffer.from(second!.body)).toEqual(Buffer.from(first!.body));
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp']);
    expect(second?.headers['webhook-attempt']).toBe('2');
    expect(rig.composed).toBe(1);
  });

  it('goes by the body that was written first', async () => {
    await rig.blobs.put(finalKey('ing_1'), Buffer.from('{"first":true}'));
    await rig.deliver();
    expect(Buffer.from(rig.posts[0]!.body).toString()).toBe('{"first":true}');
  });

  it('does not try again before its time, whatever messages come', async () => {
    rig.answer = unanswered('connect');
    await rig.deliver();
    const { status, delivery: seen, sweepAt } = await rig.record();
    expect(status).toBe('delivering');
    expect(seen?.log).toMatchObject([{ error: 'no answer: connect' }]);
    expect(seen?.nextAt).toBe(sweepAt);
    await rig.deliver();
    expect(rig.posts).toHaveLength(1);
  });

  it('keeps how the answer to a failed attempt begins', async () => {
    rig.answer = answering(500, { answer: 'out of order' });
    await rig.deliver();
    expect((await rig.record()).delivery?.log).toMatchObject([{ status: 500, answer: 'out of order' }]);
  });

  it('lets one attempt own the delivery', async () => {
    const release = later();
    const first = rig.deliver();
    await rig.advance(0);
    await rig.deliver();
    expect(rig.posts).toHaveLength(1);
    release({ kind: 'response', status: 200 });
    await first;
  });

  it('puts off the sweep while the receiver takes its time', async () => {
    const release = later();
    const first = rig.deliver();
    await rig.advance(8_000);
    expect((await rig.record()).sweepAt).toBeGreaterThan(rig.clock.now());
    release({ kind: 'response', status: 200 });
    await first;
  });

  it('takes over from a worker that died while it owned the delivery', async () => {
    later();
    void rig.deliver();
    await rig.advance(0);
    rig.answer = answering(200);
    await rig.advance(5_000);
    await rig.deliver();
    expect(rig.posts).toHaveLength(2);
    expect((await rig.record()).status).toBe('delivered');
  });

  it('carries a link to all results, with their hash, instead of results that are too large', async () => {
    rig = new DispatchRig({ inlineBytes: 10 });
    await rig.begin();
    await rig.deliver();
    const whole = Buffer.from(await rig.blobs.get(outcomeKey('ing_1')));
    expect(JSON.parse(whole.toString())).toMatchObject({ data: { results: { '0': { found: 7 } } } });
    const sha256 = createHash('sha256').update(whole).digest('hex');
    expect(JSON.parse(Buffer.from(rig.posts[0]!.body).toString())).toMatchObject({ data: { results: { url: 'https://api/ing_1', sha256 } } });
  });

  it('ends a run without a callback by making its outcome readable', async () => {
    await rig.runs.create({ id: 'ing_2', tenant: 'acme', canvas: signature('a.b'), createdAt: 1, finaliseAt: 2, deadlineAt: 3 }, 5);
    await rig.deliver('ing_2');
    expect(rig.posts).toEqual([]);
    expect((await rig.record('ing_2')).status).toBe('delivered');
    expect(await rig.blobs.stat(finalKey('ing_2'))).toBeDefined();
  });

  it.each(['received', 'running'] as const)('leaves a run alone that is %s, until it is over or its time is up', async (status) => {
    const now = rig.clock.now();
    await rig.runs.create({ id: 'ing_2', tenant: 'acme', canvas: signature('a.b'), createdAt: now, finaliseAt: now + 9_000, deadlineAt: now + 10_000, callback: { url: callbackUrl } }, now);
    if (status === 'running') await rig.runs.claim('ing_2', { step: '0', sweepAt: now });
    expect(await rig.deliver('ing_2')).toEqual({ kind: 'ack' });
    await rig.advance(8_400);
    expect(await rig.deliver('ing_2')).toEqual({ kind: 'release', delayMs: 600 });
    expect(await rig.record('ing_2')).toMatchObject({ status });
    expect(rig.posts).toEqual([]);
    await rig.advance(600);
    await rig.deliver('ing_2');
    expect(await rig.record('ing_2')).toMatchObject({ status: 'delivered', final: { frozenAt: now + 9_000 } });
  });

  it.each(['finished', 'cancelled'] as const)('does nothing about a run that is %s', async (status) => {
    await rig.begin('ing_2');
    await rig.runs[status === 'finished' ? 'finish' : 'cancel']('ing_2', { frozenAt: rig.clock.now() });
    expect(await rig.deliver('ing_2')).toEqual({ kind: 'ack' });
    expect(await rig.record('ing_2')).toMatchObject({ status });
    expect(rig.posts).toEqual([]);
    expect(rig.composed).toBe(0);
  });

  it('deletes a message without a run', async () => {
    expect(await rig.deliver('ing_2')).toEqual({ kind: 'ack' });
    expect(rig.posts).toEqual([]);
  });

  it('asks the store of settings once for many deliveries, and nothing else of it', async () => {
    const calls = ['get', 'put', 'remove', 'list'] as const;
    const spies = calls.map((name) => vi.spyOn(rig.documents, name));
    for (let i = 0; i < 20; i++) {
      await rig.begin(`ing_x${i}`);
      await rig.deliver(`ing_x${i}`);
    }
    expect(rig.posts).toHaveLength(20);
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0, 1]);
  });
});

describe('an endpoint with settings of its own', () => {
  const own = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

  it('is sent its headers, signed with its secrets alone, within its time', async () => {
    await rig.store.put('acme', origin, { secrets: [{ secret: own }], headers: { authorization: 'Bearer hush-hush' }, timeoutMs: 4_000, allowHttp: true });
    await rig.deliver();
    const { headers, body, allowHttp, timeoutMs } = rig.posts[0]!;
    expect({ allowHttp, timeoutMs, authorization: headers['authorization'] }).toEqual({ allowHttp: true, timeoutMs: 4_000, authorization: 'Bearer hush-hush' });
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(1);
    expect(verify({ secrets: [own], headers, body, nowSeconds: Math.floor(rig.clock.now() / 1000) })).toEqual({ ok: true });
  });

  it('has neither its headers nor the query of its URL told to the log', async () => {
    await rig.store.put('acme', origin, { headers: { authorization: 'Bearer hush-hush' } });
    rig.answer = answering(503);
    await rig.deliverToTheEnd();
    expect(rig.lines.length).toBeGreaterThan(10);
    expect(JSON.stringify(rig.lines)).not.toContain('hush');
  });

  it('that is disabled gets nothing, and its callbacks end so', async () => {
    await rig.store.disable('acme', origin, { reason: 'by-hand', at: 1 });
    await rig.deliver();
    expect(rig.posts).toEqual([]);
    expect(await rig.record()).toMatchObject({ status: 'endpoint-disabled', delivery: { log: [{ error: 'the endpoint is disabled: by-hand' }] } });
    expect(await rig.dead.list('acme', { limit: 10 })).toMatchObject([{ run: 'ing_1', status: 'endpoint-disabled', origin }]);
  });
});

describe('410', () => {
  it('ends the delivery at once, disables the endpoint and tells of it', async () => {
    rig.answer = answering(410);
    await rig.deliver();
    expect(rig.posts).toHaveLength(1);
    expect((await rig.record()).status).toBe('endpoint-disabled');
    expect(await rig.store.get('acme', origin)).toMatchObject({ disabled: { reason: 'gone' } });
    expect(rig.events).toEqual([{ type: 'endpoint.disabled', tenant: 'acme', origin, reason: 'gone' }]);

    await rig.begin('ing_2');
    await rig.deliver('ing_2');
    expect(rig.posts).toHaveLength(1);
    expect((await rig.record('ing_2')).status).toBe('endpoint-disabled');
  });

  it('does not concern other tenants, nor other endpoints', async () => {
    rig.answer = answering(410);
    await rig.deliver();
    rig.answer = answering(200);
    await rig.begin('ing_2', { url: 'https://other.example.com/' });
    await rig.deliver('ing_2');
    expect((await rig.record('ing_2')).status).toBe('delivered');
  });

  it('is over when the endpoint is enabled again', async () => {
    rig.answer = answering(410);
    await rig.deliver();
    await rig.begin('ing_2');
    await rig.deliver('ing_2');
    await rig.store.enable('acme', origin);
    rig.answer = answering(200);
    await rig.begin('ing_3');
    await rig.deliver('ing_3');
    expect((await rig.record('ing_3')).status).toBe('delivered');
  });
});

describe('an attempt that cannot be made now', () => {
  it('for lack of a socket is put off, and counts for nothing', async () => {
    rig.hasRoom = false;
    await rig.deliver();
    expect(rig.posts).toEqual([]);
    const { status, delivery, sweepAt } = await rig.record();
    expect(status).toBe('delivering');
    expect(delivery).toMatchObject({ attempts: 0, log: [], nextAt: sweepAt });
    expect(delivery!.nextAt! - rig.clock.now()).toBeGreaterThanOrEqual(1_000);
    expect(delivery!.nextAt! - rig.clock.now()).toBeLessThanOrEqual(2_000);
    rig.hasRoom = true;
    expect(await rig.deliverToTheEnd()).toMatchObject({ status: 'delivered', delivery: { attempts: 1 } });
    expect(rig.posts[0]?.headers['webhook-attempt']).toBe('1');
  });
});
