import type { RateLimit, Taken } from '@millrace/document-store';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newCollection, type Stage } from './stage.js';

/**
 * A bucket of tokens that are counted in thousandths, of which `perSecond` flow in every millisecond: not how a store does
 * it, and exact for whole rates.
 */
class TokenBucket {
  readonly #limit: RateLimit;
  #thousandths: number;
  #at = 0;

  constructor(limit: RateLimit) {
    this.#limit = limit;
    this.#thousandths = limit.burst * 1_000;
  }

  take(now: number, cost: number): Taken {
    const { perSecond, burst } = this.#limit;
    this.#thousandths = Math.min(burst * 1_000, this.#thousandths + (now - this.#at) * perSecond);
    this.#at = now;
    const missing = cost * 1_000 - this.#thousandths;
    const allowed = missing <= 0;
    if (allowed) this.#thousandths -= cost * 1_000;
    return {
      allowed,
      remaining: Math.floor(this.#thousandths / 1_000),
      retryAfterMs: allowed ? 0 : cost > burst ? Infinity : Math.ceil(missing / perSecond),
      fullAfterMs: Math.ceil((burst * 1_000 - this.#thousandths) / perSecond),
    };
  }
}

/** Rates of which one is a whole number of microseconds. */
const limit = fc.record({ perSecond: fc.constantFrom(1, 2, 5, 8, 10, 64, 100, 250, 1_000), burst: fc.integer({ min: 1, max: 20 }) });
const call = fc.record({ wait: fc.oneof(fc.constant(0), fc.integer({ max: 30, min: 1 }), fc.integer({ max: 4_000, min: 1 })), cost: fc.oneof(fc.constant(1), fc.integer({ min: 0, max: 22 })) });

export function exerciseTake(stage: Stage): void {
  describe('take', () => {
    test('gives out a bucket that is full, and what flows in', async () => {
      const bucket = newCollection();
      const twoAtOnce: RateLimit = { perSecond: 10, burst: 2 };
      expect(await stage.store.take(bucket, twoAtOnce)).toEqual({ allowed: true, remaining: 1, retryAfterMs: 0, fullAfterMs: 100 });
      expect(await stage.rival.take(bucket, twoAtOnce)).toEqual({ allowed: true, remaining: 0, retryAfterMs: 0, fullAfterMs: 200 });
      expect(await stage.store.take(bucket, twoAtOnce)).toEqual({ allowed: false, remaining: 0, retryAfterMs: 100, fullAfterMs: 200 });
      await stage.clock.advance(99);
      expect(await stage.rival.take(bucket, twoAtOnce)).toEqual({ allowed: false, remaining: 0, retryAfterMs: 1, fullAfterMs: 101 });
      await stage.clock.advance(1);
      expect(await stage.store.take(bucket, twoAtOnce)).toEqual({ allowed: true, remaining: 0, retryAfterMs: 0, fullAfterMs: 200 });
    });

    test('only looks when the cost is 0', async () => {
      const bucket = newCollection();
      const one: RateLimit = { perSecond: 1, burst: 1 };
      for (let i = 0; i < 3; i++) expect(await stage.store.take(bucket, one, 0)).toEqual({ allowed: true, remaining: 1, retryAfterMs: 0, fullAfterMs: 0 });
      await stage.rival.take(bucket, one);
      expect(await stage.store.take(bucket, one, 0)).toEqual({ allowed: true, remaining: 0, retryAfterMs: 0, fullAfterMs: 1_000 });
    });

    test('has a bucket of its own for every name, none of them a document', async () => {
      const [one, another] = [newCollection(), newCollection()];
      await stage.store.put({ collection: one, key: 'a' }, '1');
      for (const bucket of [one, another]) expect(await stage.store.take(bucket, { perSecond: 1, burst: 1 })).toMatchObject({ allowed: true });
      expect(await stage.rival.get({ collection: one, key: 'a' })).toMatchObject({ value: '1', version: 1 });
      expect(await stage.all(one)).toHaveLength(1);
      expect(await stage.all(another)).toEqual([]);
    });

    test('counts as a bucket of tokens does', { timeout: 300_000 }, async () => {
      const holds = fc.asyncProperty(limit, fc.array(call, { maxLength: 25, size: 'max' }), async (limit, calls) => {
        const bucket = newCollection();
        const model = new TokenBucket(limit);
        for (const [i, { wait, cost }] of calls.entries()) {
          await stage.clock.advance(wait);
          expect(await (i % 2 ? stage.store : stage.rival).take(bucket, limit, cost)).toEqual(model.take(stage.clock.now(), cost));
        }
      });
      await expect(fc.assert(holds, { numRuns: 60 })).resolves.toBeUndefined();
    });

    test('lets what may be taken at once in at once, and no more in the long run, at uneven rates too', { timeout: 300_000 }, async () => {
      const uneven = fc.record({ perSecond: fc.constantFrom(0.1, 1 / 3, 3, 7, 60 / 7, 600), burst: fc.integer({ min: 1, max: 10 }) });
      const holds = fc.asyncProperty(uneven, fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 15 }), async (limit, waits) => {
        const bucket = newCollection();
        const begin = stage.clock.now();
        let taken = 0;
        const takeOne = async () => (await stage.store.take(bucket, limit)).allowed && taken++;
        for (let i = 0; i < limit.burst; i++) await takeOne();
        expect(taken).toBe(limit.burst);
        for (const wait of waits) {
          await stage.clock.advance(wait);
          await takeOne();
          expect(taken).toBeLessThanOrEqual(limit.burst + 0.001 + ((stage.clock.now() - begin) * limit.perSecond * 1.001) / 1_000);
        }
      });
      await expect(fc.assert(holds, { numRuns: 30 })).resolves.toBeUndefined();
    });

    test.each([
      [{ perSecond: 0, burst: 1 }, 1],
      [{ perSecond: 1, burst: 0 }, 1],
      [{ perSecond: Number.NaN, burst: 1 }, 1],
      [{ perSecond: 1, burst: 1 }, -1],
    ])('refuses %j with a cost of %d', async (limit, cost) => {
      await expect(stage.store.take(newCollection(), limit, cost)).rejects.toThrow(RangeError);
    });
  });
}
