import type { DeliveryAttempt } from '@millrace/contracts';
import type { DeliveryEnd } from '@millrace/run-store';
import { describe, expect, test } from 'vitest';
import { createdAt, digest, farOff, made, refused, type Stage } from './stage.js';

const begin = { now: createdAt, bodySha256: digest, leaseUntil: createdAt + 20_000 };
const entry: DeliveryAttempt = { at: createdAt, status: 503, ms: 12 };
const again = (attempt: number, nextAt: number): DeliveryEnd => ({ attempt, entry: { ...entry, at: createdAt + attempt }, status: 'delivering', nextAt });

const putOff = { now: createdAt, bodySha256: digest, nextAt: createdAt + 700 };
const terminal = ['delivered', 'exhausted', 'endpoint-disabled'] as const;

export function exerciseDelivery(stage: Stage): void {
  const attempt = async (id: string, number: number) => {
    made(await stage.store.beginDelivery(id, { ...begin, now: farOff, leaseUntil: farOff }));
    return made(await stage.store.endDelivery(id, again(number, farOff)));
  };

  describe('beginDelivery', () => {
    test('moves a finalizing run to delivering and owns it', async () => {
      const id = await stage.finalizing();
      const before = await stage.store.read(id);
      const run = made(await stage.store.beginDelivery(id, begin));
      expect(run).toStrictEqual({
        ...before,
        status: 'delivering',
        rev: before!.rev + 1,
        sweepAt: begin.leaseUntil,
        delivery: { bodySha256: digest, attempts: 1, leaseUntil: begin.leaseUntil, log: [] },
      });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      await stage.putOff([id]);
    });

    test('is refused to others until the lease has run out', async () => {
      const id = await stage.delivering(createdAt + 50);
      const owned = await stage.store.read(id);
      expect(refused(await stage.rival.beginDelivery(id, begin))).toStrictEqual(owned);
      expect(refused(await stage.rival.beginDelivery(id, { ...begin, now: createdAt + 49 }))).toStrictEqual(owned);
      const run = made(await stage.rival.beginDelivery(id, { ...begin, now: createdAt + 50 }));
      expect(run.delivery).toStrictEqual({ bodySha256: digest, attempts: 2, leaseUntil: begin.leaseUntil, log: [] });
      await stage.putOff([id]);
    });

    test('by two at once lets one of them win', async () => {
      for (let round = 0; round < 10; round++) {
        const id = await stage.finalizing();
        const both = await Promise.all([stage.store, stage.rival].map((store) => store.beginDelivery(id, begin)));
        expect(both.map((transition) => transition!.applied).sort()).toEqual([false, true]);
        expect(both.map((transition) => transition!.run.delivery?.attempts)).toEqual([1, 1]);
        await stage.putOff([id]);
      }
    });

    test.each(['received', 'running', 'delivered', 'finished', 'cancelled'] as const)('of a run that is %s is refused', async (status) => {
      const id = await stage[status]();
      const there = await stage.store.read(id);
      expect(refused(await stage.store.beginDelivery(id, begin))).toStrictEqual(there);
    });
  });

  describe('endDelivery', () => {
    test('logs the attempt, gives the delivery free and sets when to try again', async () => {
      const id = await stage.delivering(createdAt + 50);
      const run = made(await stage.store.endDelivery(id, again(1, createdAt + 5_000)));
      expect(run).toMatchObject({ status: 'delivering', sweepAt: createdAt + 5_000 });
      expect(run.delivery).toStrictEqual({ bodySha256: digest, attempts: 1, leaseUntil: 0, nextAt: createdAt + 5_000, log: [{ ...entry, at: createdAt + 1 }] });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      expect(refused(await stage.rival.beginDelivery(id, { ...begin, now: createdAt + 4_999 }))).toStrictEqual(run);
      const next = made(await stage.rival.beginDelivery(id, { ...begin, now: createdAt + 5_000 }));
      expect(next.delivery).toStrictEqual({ bodySha256: digest, attempts: 2, leaseUntil: begin.leaseUntil, log: run.delivery!.log });
      await stage.putOff([id]);
    });

    test('without a time to try again leaves the next sweep where it was', async () => {
      const id = await stage.delivering(createdAt + 50);
      const run = made(await stage.store.endDelivery(id, { attempt: 1, entry, status: 'delivering' }));
      expect(run.sweepAt).toBe(createdAt + 50);
      expect(run.delivery).not.toHaveProperty('nextAt');
      await stage.putOff([id]);
    });

    test.each(terminal)('as %s takes the run out of the sweep', async (status) => {
      const id = await stage.delivering(createdAt + 50);
      const run = made(await stage.store.endDelivery(id, { attempt: 1, entry, status }));
      expect(run.status).toBe(status);
      expect(run).not.toHaveProperty('sweepAt');
      expect(run.delivery).toStrictEqual({ bodySha256: digest, attempts: 1, leaseUntil: 0, log: [entry] });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      expect(await stage.store.due(createdAt + 100, 1_000)).not.toContain(id);
    });

    test('that is the last forgets when to try again', async () => {
      const id = await stage.delivering(createdAt + 50);
      made(await stage.store.endDelivery(id, again(1, createdAt + 60)));
      made(await stage.store.beginDelivery(id, { ...begin, now: createdAt + 60 }));
      const run = made(await stage.store.endDelivery(id, { ...again(2, createdAt + 70), status: 'exhausted' }));
      expect(run.delivery).not.toHaveProperty('nextAt');
      expect(run).not.toHaveProperty('sweepAt');
    });

    test('of an attempt whose lease has run out still counts while nobody has begun another', async () => {
      const id = await stage.delivering(createdAt - 1);
      expect(made(await stage.store.endDelivery(id, { attempt: 1, entry, status: 'delivered' })).status).toBe('delivered');
    });

    test('of another attempt than the last is refused', async () => {
      const id = await stage.delivering(createdAt);
      const second = made(await stage.rival.beginDelivery(id, begin));
      for (const number of [0, 1, 3]) {
        expect(refused(await stage.store.endDelivery(id, { attempt: number, entry, status: 'delivered' }))).toStrictEqual(second);
      }
      made(await stage.rival.endDelivery(id, { attempt: 2, entry, status: 'delivered' }));
    });

    test('of an attempt that has ended is refused', async () => {
      const id = await stage.delivering(farOff);
      const ended = made(await stage.store.endDelivery(id, again(1, farOff)));
      expect(refused(await stage.store.endDelivery(id, { attempt: 1, entry, status: 'delivered' }))).toStrictEqual(ended);
    });

    test.each(['received', 'running', 'finalizing', 'delivered', 'finished', 'cancelled'] as const)('of a run that is %s is refused', async (status) => {
      const id = await stage[status]();
      const there = await stage.store.read(id);
      expect(refused(await stage.store.endDelivery(id, { attempt: 1, entry, status: 'exhausted' }))).toStrictEqual(there);
    });

    test('keeps the log of the last ten attempts, in order', async () => {
      const id = await stage.finalizing();
      for (let number = 1; number <= 12; number++) await attempt(id, number);
      const { delivery } = (await stage.rival.read(id))!;
      expect(delivery?.attempts).toBe(12);
      expect(delivery?.log.map(({ at }) => at - createdAt)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    });

    test('leaves out of the log attempts that never ended', async () => {
      const id = await stage.delivering(createdAt);
      for (let number = 2; number <= 12; number++) {
        made(await stage.store.beginDelivery(id, { ...begin, now: farOff, leaseUntil: createdAt }));
        if (number === 2 || number === 12) made(await stage.store.endDelivery(id, again(number, farOff)));
      }
      expect((await stage.store.read(id))?.delivery?.log.map(({ at }) => at - createdAt)).toEqual([2, 12]);
      expect((await attempt(id, 13)).delivery?.log.map(({ at }) => at - createdAt)).toEqual([2, 12, 13]);
    });
  });

  describe('putOffDelivery', () => {
    test('moves a finalizing run to delivering without an attempt', async () => {
      const id = await stage.finalizing();
      const before = await stage.store.read(id);
      const run = made(await stage.store.putOffDelivery(id, putOff));
      expect(run).toStrictEqual({
        ...before,
        status: 'delivering',
        rev: before!.rev + 1,
        sweepAt: putOff.nextAt,
        delivery: { bodySha256: digest, attempts: 0, leaseUntil: 0, nextAt: putOff.nextAt, log: [] },
      });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      expect(refused(await stage.store.endDelivery(id, { attempt: 0, entry, status: 'delivered' }))).toStrictEqual(run);
      expect(refused(await stage.rival.beginDelivery(id, { ...begin, now: putOff.nextAt - 1 }))).toStrictEqual(run);
      const begun = made(await stage.rival.beginDelivery(id, { ...begin, now: putOff.nextAt }));
      expect(begun.delivery).toStrictEqual({ bodySha256: digest, attempts: 1, leaseUntil: begin.leaseUntil, log: [] });
      await stage.putOff([id]);
    });

    test('may be repeated, and counts no attempt between two', async () => {
      const id = await stage.delivering(createdAt + 50);
      made(await stage.store.endDelivery(id, again(1, createdAt + 60)));
      for (const now of [createdAt + 60, createdAt + 160, createdAt + 260]) {
        const run = made(await stage.store.putOffDelivery(id, { ...putOff, now, nextAt: now + 100 }));
        expect(run.delivery).toMatchObject({ attempts: 1, leaseUntil: 0, nextAt: now + 100 });
      }
      expect(made(await stage.store.beginDelivery(id, { ...begin, now: createdAt + 360 })).delivery).toMatchObject({ attempts: 2, log: [{ status: 503 }] });
      await stage.putOff([id]);
    });

    test('is refused while an attempt owns the delivery, or its time has not come', async () => {
      const id = await stage.delivering(createdAt + 50);
      const owned = await stage.store.read(id);
      expect(refused(await stage.rival.putOffDelivery(id, { ...putOff, now: createdAt + 49 }))).toStrictEqual(owned);
      const waiting = made(await stage.store.endDelivery(id, again(1, createdAt + 100)));
      expect(refused(await stage.rival.putOffDelivery(id, { ...putOff, now: createdAt + 99 }))).toStrictEqual(waiting);
      await stage.putOff([id]);
    });

    test('takes nothing from an attempt whose lease has run out', async () => {
      const id = await stage.delivering(createdAt + 50);
      made(await stage.rival.putOffDelivery(id, { ...putOff, now: createdAt + 50 }));
      const run = made(await stage.store.endDelivery(id, { attempt: 1, entry, status: 'delivered' }));
      expect(run.delivery).toStrictEqual({ bodySha256: digest, attempts: 1, leaseUntil: 0, log: [entry] });
    });

    test.each(['received', 'running', 'delivered', 'finished', 'cancelled'] as const)('of a run that is %s is refused', async (status) => {
      const id = await stage[status]();
      const there = await stage.store.read(id);
      expect(refused(await stage.store.putOffDelivery(id, putOff))).toStrictEqual(there);
    });
  });

  describe('replayDelivery', () => {
    test.each(terminal)('of a run that is %s begins the delivery anew', async (status) => {
      const id = await stage.delivering(createdAt + 50);
      const over = made(await stage.store.endDelivery(id, { attempt: 1, entry, status }));
      const run = made(await stage.store.replayDelivery(id, createdAt + 70));
      expect(run).toStrictEqual({ ...over, status: 'delivering', rev: over.rev + 1, epoch: over.epoch + 1, sweepAt: createdAt + 70, delivery: { ...over.delivery, replayedAfter: 1 } });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      await expect.poll(() => stage.store.due(createdAt + 70, 1_000)).toContain(id);
      const begun = made(await stage.rival.beginDelivery(id, begin));
      expect(begun.delivery).toStrictEqual({ bodySha256: digest, attempts: 2, leaseUntil: begin.leaseUntil, replayedAfter: 1, log: [entry] });
      const again = made(await stage.rival.endDelivery(id, { attempt: 2, entry, status: 'delivered' }));
      expect(again).not.toHaveProperty('sweepAt');
      expect(made(await stage.store.replayDelivery(id, farOff)).delivery).toMatchObject({ attempts: 2, replayedAfter: 2, log: [entry, entry] });
      await stage.putOff([id]);
    });

    test('by two at once is made once', async () => {
      const id = await stage.delivered();
      const both = await Promise.all([stage.store, stage.rival].map((store) => store.replayDelivery(id, farOff)));
      expect(both.map((transition) => transition!.applied).sort()).toEqual([false, true]);
      await stage.putOff([id]);
    });

    test.each(['received', 'running', 'finalizing', 'finished', 'cancelled'] as const)('of a run that is %s is refused', async (status) => {
      const id = await stage[status]();
      const there = await stage.store.read(id);
      expect(refused(await stage.store.replayDelivery(id, farOff))).toStrictEqual(there);
    });
  });

  test('nothing can be put off or replayed of a run that is not there', async () => {
    expect(await stage.store.putOffDelivery('run_none', putOff)).toBeUndefined();
    expect(await stage.store.replayDelivery('run_none', farOff)).toBeUndefined();
  });
}
