import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answering, callbackUrl, DispatchRig, origin, unanswered } from './test/dispatch-rig.js';

const other = 'https://other.example.com/hook';
let one: DispatchRig;

beforeEach(() => {
  one = new DispatchRig();
  vi.useFakeTimers({ toFake: ['Date'], now: one.clock.now() });
});
afterEach(() => vi.useRealTimers());

let runs = 0;

/** Begins one more callback and tries it once. */
async function callBack(rig: DispatchRig, url = callbackUrl): Promise<string> {
  const id = `ing_${(runs += 1)}`;
  await rig.begin(id, { url });
  await rig.deliver(id);
  return id;
}

async function callBackOften(rig: DispatchRig, times: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < times; i++) ids.push(await callBack(rig));
  return ids;
}

describe('an endpoint that is down', () => {
  test('is left alone after six attempts; what waits meanwhile has used up none and is delivered once it is back', async () => {
    one.answer = unanswered('connect');
    const ids = await callBackOften(one, 30);
    expect(one.posts).toHaveLength(6);
    const records = await Promise.all(ids.map((id) => one.record(id)));
    expect(records.map(({ delivery }) => delivery?.attempts)).toEqual([...Array.from({ length: 6 }, () => 1), ...Array.from({ length: 24 }, () => 0)]);
    for (const { delivery } of records.slice(6)) {
      expect(delivery!.nextAt! - one.clock.now()).toBeGreaterThanOrEqual(5_000);
      expect(delivery!.nextAt! - one.clock.now()).toBeLessThanOrEqual(7_500);
    }

    one.answer = answering(200);
    for (const id of ids) expect(await one.deliverToTheEnd(id)).toMatchObject({ status: 'delivered' });
  });

  test('does not exhaust a callback sooner, however long it is down', async () => {
    one.answer = answering(503);
    await callBackOften(one, 20);
    await one.begin('ing_last');
    expect(await one.deliverToTheEnd('ing_last')).toMatchObject({ delivery: { attempts: 10 }, status: 'exhausted' });
  });

  test('is left alone by other dispatchers too', async () => {
    const two = new DispatchRig({ clock: one.clock, documents: one.documents });
    await Promise.all([one.troubles.start(), two.troubles.start()]);
    one.answer = unanswered('timeout');
    await callBackOften(one, 6);
    await vi.waitFor(() => expect(two.troubles.of({ tenant: 'acme', origin })?.opening).toBeDefined());
    const id = await callBack(two);
    expect(two.posts).toEqual([]);
    expect((await two.record(id)).delivery).toMatchObject({ attempts: 0 });
    await callBack(two, other);
    expect(two.posts.map(({ url }) => url)).toEqual([other]);
    await Promise.all([one.troubles.stop(), two.troubles.stop()]);
  });
});

describe('an endpoint that wants to be left alone', () => {
  test('is, for as long as it says, by all its callbacks', async () => {
    one.answer = answering(429, { retryAfterMs: 30_000 });
    await callBack(one);
    const id = await callBack(one);
    expect(one.posts).toHaveLength(1);
    expect((await one.record(id)).delivery).toMatchObject({ attempts: 0 });
    expect((await one.record(id)).delivery!.nextAt! - one.clock.now()).toBeGreaterThanOrEqual(30_000);
    await callBack(one, other);
    expect(one.posts).toHaveLength(2);
  });

  test('is left alone for a minute at most', async () => {
    one.answer = answering(503, { retryAfterMs: 1e12 });
    await callBack(one);
    await one.advance(60_000);
    await callBack(one);
    expect(one.posts).toHaveLength(2);
  });
});

describe('a store that is away', () => {
  test('keeps no attempt from being made and recorded', async () => {
    await callBack(one);
    for (const name of ['get', 'put', 'remove', 'list'] as const) vi.spyOn(one.documents, name).mockRejectedValue(new Error('away'));
    one.answer = answering(500);
    const failed = await callBack(one);
    expect((await one.record(failed)).delivery).toMatchObject({ attempts: 1, log: [{ status: 500 }] });
    one.answer = answering(410);
    const gone = await callBack(one);
    expect((await one.record(gone)).status).toBe('endpoint-disabled');
    const told = one.lines.filter(({ reason }) => reason === 'away').map(({ message }) => message);
    expect(told).toEqual(['state of an endpoint not written', 'dead callback not listed', 'state of an endpoint not written']);
  });
});
