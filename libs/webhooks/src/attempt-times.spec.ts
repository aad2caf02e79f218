import { seededRandom } from '@millrace/kernel';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answering, DispatchRig, origin, unanswered } from './test/dispatch-rig.js';

/** Before each attempt since the one before, in seconds: the table of Standard Webhooks 1.0.0. */
const table = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
const middle = { next: () => 0.5, bytes: (size: number) => new Uint8Array(size) };

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) }));
afterEach(() => vi.useRealTimers());

async function attemptTimes(rig: DispatchRig): Promise<number[]> {
  await rig.begin();
  const start = rig.clock.now();
  await rig.deliverToTheEnd();
  return rig.posts.map(({ at }) => at - start);
}

const waits = (times: readonly number[]): number[] => times.map((at, i) => at - (times[i - 1] ?? 0));

describe('the attempts at a callback that nobody takes', () => {
  test('are ten, at the times of the table, and then it is exhausted', async () => {
    const rig = new DispatchRig({ random: middle });
    rig.answer = answering(500);
    expect(waits(await attemptTimes(rig))).toEqual(table.map((seconds) => seconds * 1000));
    expect(await rig.record()).toMatchObject({ status: 'exhausted', delivery: { attempts: 10 } });
    expect(rig.posts.map(({ headers }) => headers['webhook-attempt'])).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    expect(new Set(rig.posts.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['msg_ing_1']));
  });

  test.each([
    ['an error of the receiver', answering(500)],
    ['a redirect', answering(301)],
    ['a refusal', answering(403)],
    ['an overload', answering(429)],
    ['no connection', unanswered('connect')],
    ['no answer in time', unanswered('timeout')],
    ['an address that is not public', unanswered('refused')],
  ])('for %s are within a fifth of the table', async (_, answer) => {
    const rig = new DispatchRig({ random: seededRandom(7) });
    rig.answer = answer;
    const seen = waits(await attemptTimes(rig)).map((ms) => ms / 1000);
    expect(seen).toHaveLength(10);
    for (const [i, seconds] of table.entries()) {
      expect(seen[i]).toBeGreaterThanOrEqual(seconds * 0.8);
      expect(seen[i]).toBeLessThanOrEqual(seconds * 1.2 + 0.001);
    }
  });

  test('with any Retry-After are never before the table nor after the double of it, or an hour', async () => {
    const asked = fc.array(fc.option(fc.nat({ max: 1e9 }), { nil: undefined }), { minLength: 10, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(asked, fc.integer(), async (each, seed) => {
        const rig = new DispatchRig({ random: seededRandom(seed) });
        vi.setSystemTime(rig.clock.now());
        rig.answer = () => {
          const retryAfterMs = each[rig.posts.length - 1];
          return answering(500, retryAfterMs === undefined ? {} : { retryAfterMs })();
        };
        const seen = waits(await attemptTimes(rig));
        expect(seen).toHaveLength(10);
        for (const [i, ms] of seen.entries()) {
          const base = table[i]! * 1000;
          const wanted = each[i - 1];
          const exact = Math.min(Math.max(wanted ?? 0, base), Math.max(2 * base, 3_600_000));
          const [least, most] = wanted === undefined ? [base * 0.8 - 1, base * 1.2 + 1] : [exact, exact];
          expect(ms).toBeGreaterThanOrEqual(least);
          expect(ms).toBeLessThanOrEqual(most);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('are told of at the fourth, and at the end', async () => {
    const rig = new DispatchRig();
    rig.answer = answering(500);
    await attemptTimes(rig);
    const at = { tenant: 'acme', run: 'ing_1', origin };
    expect(rig.events).toEqual([{ type: 'callback.failing', ...at }, { type: 'callback.exhausted', ...at }]);
    expect(await rig.dead.list('acme', { limit: 10 })).toEqual([
      { run: 'ing_1', status: 'exhausted', origin, at: rig.posts[9]!.at, attempts: 10, reason: 'answered with 500' },
    ]);
  });

  test('but end in a delivery are told of when that was in doubt', async () => {
    const rig = new DispatchRig();
    rig.answer = () => answering(rig.posts.length < 6 ? 500 : 200)();
    await attemptTimes(rig);
    expect(rig.events.map(({ type }) => type)).toEqual(['callback.failing', 'callback.recovered']);
    expect(await rig.dead.list('acme', { limit: 10 })).toEqual([]);
  });

  test('are told of by nobody when the fourth is taken', async () => {
    const rig = new DispatchRig();
    rig.answer = () => answering(rig.posts.length < 4 ? 500 : 200)();
    await attemptTimes(rig);
    expect(rig.events).toEqual([]);
  });
});

describe('an endpoint that fails for long', () => {
  const hour = 3_600_000;

  /** A callback every six hours, each tried once more after 5 s. */
  async function fail(rig: DispatchRig, hours: number, name: string): Promise<void> {
    for (let i = 0; i * 6 < hours; i++) {
      await rig.begin(`${name}_${i}`);
      await rig.deliver(`${name}_${i}`);
      await rig.advance(6 * hour);
    }
  }

  test('is disabled when nothing got through for 120 hours', async () => {
    const rig = new DispatchRig();
    rig.answer = answering(500);
    await fail(rig, 120, 'ing');
    expect(rig.events.filter(({ type }) => type === 'endpoint.disabled')).toEqual([]);
    await fail(rig, 12, 'last');
    expect(rig.events.filter(({ type }) => type === 'endpoint.disabled')).toEqual([{ type: 'endpoint.disabled', tenant: 'acme', origin, reason: 'failing' }]);
    await rig.begin('after');
    const posts = rig.posts.length;
    await rig.deliver('after');
    expect(rig.posts).toHaveLength(posts);
    expect((await rig.record('after')).status).toBe('endpoint-disabled');
  });

  test('is not when one got through in between', async () => {
    const rig = new DispatchRig();
    rig.answer = answering(500);
    await fail(rig, 72, 'ing');
    rig.answer = answering(200);
    await fail(rig, 6, 'well');
    rig.answer = answering(500);
    await fail(rig, 114, 'again');
    expect(rig.events.filter(({ type }) => type === 'endpoint.disabled')).toEqual([]);
  });

  test('is not when its failures lie days apart', async () => {
    const rig = new DispatchRig();
    rig.answer = answering(500);
    for (let i = 0; i < 4; i++) {
      await fail(rig, 6, `ing_${i}`);
      await rig.advance(60 * hour);
    }
    expect(rig.events.filter(({ type }) => type === 'endpoint.disabled')).toEqual([]);
  });

  test('is for what two dispatchers see of it together', async () => {
    const one = new DispatchRig();
    const two = new DispatchRig({ clock: one.clock, documents: one.documents });
    await Promise.all([one.troubles.start(), two.troubles.start()]);
    one.answer = answering(500);
    two.answer = answering(200);
    await fail(one, 72, 'ing');
    await fail(two, 6, 'well');
    await fail(one, 114, 'again');
    expect([...one.events, ...two.events].filter(({ type }) => type === 'endpoint.disabled')).toEqual([]);
    await Promise.all([one.troubles.stop(), two.troubles.stop()]);
  });
});
