import { describe, expect, onTestFinished, test } from 'vitest';
import { createdAt, digest, made, type Stage, succeeded } from './stage.js';

/** Long before any time that other tests use, so that what they leave behind is not due. */
const early = Date.UTC(2000, 0, 1);

/** `due` may be briefly stale. */
const patience = { timeout: 10_000 };

export function exerciseDue(stage: Stage): void {
  const received = async (...offsets: readonly number[]): Promise<string[]> => {
    const ids: string[] = [];
    for (const offset of offsets) ids.push(await stage.received({}, early + offset));
    onTestFinished(() => stage.putOff(ids));
    return ids;
  };
  const due = (offset: number, limit = 100) => () => stage.rival.due(early + offset, limit);

  describe('due', () => {
    test('lists runs whose time has come, the longest due first', async () => {
      const [a, b, c] = await received(30, 10, 20);
      await expect.poll(due(9), patience).toEqual([]);
      await expect.poll(due(10), patience).toEqual([b!]);
      await expect.poll(due(29), patience).toEqual([b!, c!]);
      await expect.poll(due(1_000), patience).toEqual([b!, c!, a!]);
    });

    test('lists no more than it is asked for', async () => {
      const ids = await received(1, 2, 3, 4, 5, 6, 7, 8, 9);
      await expect.poll(due(100, 1), patience).toEqual(ids.slice(0, 1));
      await expect.poll(due(100, 4), patience).toEqual(ids.slice(0, 4));
      await expect.poll(due(100, 9), patience).toEqual(ids);
    });

    test('follows the next sweep wherever transitions move it', async () => {
      const [a, b, c] = await received(10, 20, 30);
      made(await stage.store.claim(a!, { step: '0', sweepAt: early + 500 }));
      await expect.poll(due(100), patience).toEqual([b!, c!]);
      made(await stage.store.settle(a!, { step: '0', sweepAt: early + 25 }, succeeded(1)));
      await expect.poll(due(100), patience).toEqual([b!, a!, c!]);
      await stage.store.touch(b!, early + 40);
      await expect.poll(due(100), patience).toEqual([a!, c!, b!]);
      made(await stage.store.freeze(c!, { frozenAt: early }, early + 600));
      await expect.poll(due(100), patience).toEqual([a!, b!]);
      made(await stage.store.beginDelivery(c!, { now: early, bodySha256: digest, leaseUntil: early + 5 }));
      await expect.poll(due(100), patience).toEqual([c!, a!, b!]);
    });

    test('lists runs that were put off again when that time has come', async () => {
      const [a, b] = await received(10, 11);
      for (const sweepAt of [200, 400]) {
        made(await stage.store.claim(a!, { step: '0', sweepAt: early + sweepAt }));
        await expect.poll(due(sweepAt - 1), patience).toEqual([b!]);
        await expect.poll(due(sweepAt), patience).toEqual([b!, a!]);
      }
    });

    test('leaves out runs that are over', async () => {
      const [a, b] = await received(10, 20);
      made(await stage.store.freeze(a!, { frozenAt: early }, early + 10));
      made(await stage.store.beginDelivery(a!, { now: early, bodySha256: digest, leaseUntil: early + 10 }));
      made(await stage.store.endDelivery(a!, { attempt: 1, entry: { at: createdAt, ms: 1 }, status: 'delivered' }));
      await expect.poll(due(100), patience).toEqual([b!]);
    });
  });
}
