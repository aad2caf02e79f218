import { ManualClock } from '@millrace/kernel';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EndpointGate, type Opening } from './endpoint-gate.js';
import type { CallbackResponse } from './post-callback.js';

const ok: CallbackResponse = { kind: 'response', status: 200 };
const down: CallbackResponse = { kind: 'response', status: 503 };

let clock: ManualClock;
let openings: Opening[];
let gate: EndpointGate;

beforeEach(() => {
  clock = new ManualClock();
  vi.useFakeTimers({ toFake: ['Date'], now: clock.now() });
  openings = [];
  gate = new EndpointGate({ maxInFlight: 3, clock, onOpened: (opening) => openings.push(opening) });
});
afterEach(() => vi.useRealTimers());

async function advance(ms: number): Promise<void> {
  vi.setSystemTime(clock.now() + ms);
  await clock.advance(ms);
}

const answer = (response: CallbackResponse | undefined) => gate.try(async () => response);

async function open(): Promise<void> {
  while (openings.length === 0) await answer(down);
}

/** Attempts that end when told to. */
function held() {
  const ends: Array<(response: CallbackResponse) => void> = [];
  const tries = { begun: 0, ends, next: () => gate.try(() => new Promise<CallbackResponse>((resolve) => (tries.begun++, ends.push(resolve)))) };
  return tries;
}

describe('the gate of an endpoint', () => {
  test('lets attempts through and tells what came of them', async () => {
    expect(await answer(ok)).toEqual({ kind: 'made', response: ok });
    expect(await answer(down)).toEqual({ kind: 'made', response: down });
    expect(await answer(undefined)).toEqual({ kind: 'made' });
  });

  test('passes on what goes wrong on our side, which opens nothing', async () => {
    for (let i = 0; i < 20; i++) await expect(gate.try(() => Promise.reject(new Error('the store is away')))).rejects.toThrow('the store is away');
    expect(await answer(ok)).toMatchObject({ kind: 'made' });
  });

  test.each<[string, CallbackResponse]>([
    ['overloads', down],
    ['errors of the receiver', { kind: 'response', status: 500 }],
    ['connections refused', { kind: 'error', reason: 'connect', message: '' }],
  ])('opens for five seconds after six %s, and lets nothing through', async (_, response) => {
    for (let i = 0; i < 5; i++) await answer(response);
    expect(openings).toEqual([]);
    await answer(response);
    expect(openings).toEqual([{ openedAt: clock.now(), times: 1 }]);
    const attempt = vi.fn<() => Promise<CallbackResponse>>();
    expect(await gate.try(attempt)).toEqual({ kind: 'put-off', until: clock.now() + 5_000 });
    await advance(4_999);
    expect(await gate.try(attempt)).toEqual({ kind: 'put-off', until: clock.now() + 1 });
    expect(attempt).not.toHaveBeenCalled();
  });

  test.each<[string, CallbackResponse]>([
    ['answers that refuse the callback', { kind: 'response', status: 404 }],
    ['our own refusals', { kind: 'error', reason: 'refused', message: '' }],
  ])('stays closed whatever number of %s', async (_, response) => {
    for (let i = 0; i < 50; i++) expect(await answer(response)).toMatchObject({ kind: 'made' });
  });

  test('stays closed while at least half get through', async () => {
    for (let i = 0; i < 50; i++) await answer(i % 2 ? down : ok);
    expect(openings).toEqual([]);
  });

  test('tries with one attempt when the time is over, and closes if that is well', async () => {
    await open();
    await advance(5_000);
    const tries = held();
    const probe = tries.next();
    expect(await answer(ok)).toEqual({ kind: 'put-off', until: clock.now() + 5_000 });
    tries.ends[0]?.(ok);
    expect(await probe).toEqual({ kind: 'made', response: ok });
    expect(await answer(ok)).toMatchObject({ kind: 'made' });
  });

  test('opens longer each time that one fails, up to a minute', async () => {
    await open();
    const breaks: number[] = [];
    for (let i = 0; i < 6; i++) {
      const tried = await answer(down);
      if (tried.kind !== 'put-off') throw new Error('the gate is closed');
      breaks.push(tried.until - clock.now());
      await advance(tried.until - clock.now());
      expect(await answer(down)).toMatchObject({ kind: 'made' });
    }
    expect(breaks).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
    expect(openings.map(({ times }) => times)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('makes at most two attempts a minute at an endpoint that stays down', async () => {
    await open();
    await advance(60_000);
    let attempts = 0;
    for (let second = 0; second < 600; second++) {
      await gate.try(async () => (attempts++, down));
      await advance(1_000);
    }
    expect(attempts).toBeLessThanOrEqual(20);
  });

  test('takes over what another dispatcher found, unless that is past', async () => {
    gate.open({ openedAt: clock.now() - 40_000, times: 4 });
    expect(await answer(ok)).toMatchObject({ kind: 'made' });
    gate.open({ openedAt: clock.now() - 1_000, times: 4 });
    expect(await answer(ok)).toEqual({ kind: 'put-off', until: clock.now() + 39_000 });
    expect(openings).toEqual([]);
    await advance(39_000);
    await answer(down);
    expect(openings).toEqual([{ openedAt: clock.now(), times: 5 }]);
  });

  test('pauses as long as the receiver asks, at most a minute', async () => {
    gate.pause(20_000);
    expect(await answer(ok)).toEqual({ kind: 'put-off', until: clock.now() + 20_000 });
    gate.pause(1e12);
    expect(await answer(ok)).toEqual({ kind: 'put-off', until: clock.now() + 60_000 });
    await advance(60_000);
    expect(await answer(ok)).toMatchObject({ kind: 'made' });
  });

  test('has no more attempts under way than its places, and puts off the rest while it is not known to answer', async () => {
    const tries = held();
    for (let i = 0; i < 3; i++) void tries.next();
    expect(await tries.next()).toEqual({ kind: 'put-off', until: clock.now() + 1_000 });
    expect(tries.begun).toBe(3);
  });

  test('lets some wait in memory at an endpoint that answers well', async () => {
    await answer(ok);
    const tries = held();
    const all = Array.from({ length: 120 }, () => tries.next());
    await vi.waitFor(() => expect(tries.begun).toBe(3));
    expect(await all.at(-1)).toEqual({ kind: 'put-off', until: clock.now() + 1_000 });
    for (let done = 0; done < 103; done++) {
      await vi.waitFor(() => expect(tries.ends.length).toBeGreaterThan(done));
      tries.ends[done]?.(ok);
    }
    const told = await Promise.all(all);
    expect(told.filter(({ kind }) => kind === 'made')).toHaveLength(103);
  });

  test('lets none wait longer than a second, and makes no attempt for those it put off', async () => {
    await answer(ok);
    const tries = held();
    const all = Array.from({ length: 10 }, () => tries.next());
    await vi.waitFor(() => expect(tries.begun).toBe(3));
    await advance(1_000);
    expect(await Promise.all(all.slice(3))).toEqual(all.slice(3).map(() => ({ kind: 'put-off', until: clock.now() + 1_000 })));
    for (const end of tries.ends) end(ok);
    await Promise.all(all);
    await vi.waitFor(async () => expect(await answer(ok)).toMatchObject({ kind: 'made' }));
    expect(tries.begun).toBe(3);
  });

  test('puts off those that waited when it opens meanwhile', async () => {
    await answer(ok);
    const tries = held();
    const all = Array.from({ length: 20 }, () => tries.next());
    for (let done = 0; openings.length === 0; done++) {
      await vi.waitFor(() => expect(tries.ends.length).toBeGreaterThan(done));
      tries.ends[done]?.(down);
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const end of tries.ends) end(down);
    const told = await Promise.all(all);
    expect(tries.begun).toBeLessThan(12);
    expect(told.filter(({ kind }) => kind === 'put-off').length).toBe(20 - tries.begun);
  });
});
