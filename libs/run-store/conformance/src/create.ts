import type { RunHead } from '@millrace/run-store';
import { describe, expect, test } from 'vitest';
import { createdAt, headOf, made, newId, refused, type Stage } from './stage.js';

export function exerciseCreate(stage: Stage): void {
  describe('create', () => {
    test('puts a received run', async () => {
      const head = headOf(newId());
      const run = made(await stage.store.create(head, createdAt + 2_000));
      expect(run).toStrictEqual({ ...head, status: 'received', rev: 1, epoch: 0, sweepAt: createdAt + 2_000, steps: {} });
      expect(await stage.rival.read(head.id)).toStrictEqual(run);
    });

    test('puts a run that no ingestion began, with a time to keep it', async () => {
      const { raw: _, ...rest } = headOf(newId());
      const head: RunHead = { ...rest, retentionMs: 60_000 };
      const run = made(await stage.store.create(head, createdAt));
      expect(run).toStrictEqual({ ...head, status: 'received', rev: 1, epoch: 0, sweepAt: createdAt, steps: {} });
      expect(await stage.rival.read(head.id)).toStrictEqual(run);
      await stage.putOff([head.id]);
    });

    test('of an id that is taken changes nothing and tells the run that is there', async () => {
      const id = await stage.running();
      const there = await stage.store.read(id);
      expect(refused(await stage.rival.create(headOf(id, { tenant: 'other' }), createdAt))).toStrictEqual(there);
      expect(await stage.store.read(id)).toStrictEqual(there);
    });

    test('of one id by two at once lets one of them win', async () => {
      for (let round = 0; round < 10; round++) {
        const id = newId();
        const both = await Promise.all([
          stage.store.create(headOf(id, { tenant: 'left' }), createdAt),
          stage.rival.create(headOf(id, { tenant: 'right' }), createdAt),
        ]);
        expect(both.filter(({ applied }) => applied)).toHaveLength(1);
        expect(both[0].run).toStrictEqual(both[1].run);
        await stage.putOff([id]);
      }
    });
  });

  describe('a run that does not exist', () => {
    test('reads as undefined', async () => {
      expect(await stage.store.read(newId())).toBeUndefined();
    });

    test('makes no transition and is not created by trying', async () => {
      const id = newId();
      const at = { step: '0', sweepAt: createdAt };
      const { store } = stage;
      expect(await store.claim(id, at)).toBeUndefined();
      expect(await store.settle(id, at, { status: 'succeeded', result: { inline: 1 }, timing: { claimedAt: 1, settledAt: 2, handlerMs: 1 } })).toBeUndefined();
      expect(await store.fail(id, at)).toBeUndefined();
      expect(await store.snooze(id, at)).toBeUndefined();
      expect(await store.claimMembers(id, { ...at, members: [0] })).toBeUndefined();
      expect(await store.changeMembers(id, at, new Map([[0, 'failed-try']]))).toBeUndefined();
      expect(await store.readMembers(id, '0')).toEqual(new Map());
      expect(await store.touch(id, createdAt)).toBeUndefined();
      expect(await store.finish(id, { frozenAt: createdAt })).toBeUndefined();
      expect(await store.cancel(id, { frozenAt: createdAt, reason: 'no' })).toBeUndefined();
      expect(await store.freeze(id, { frozenAt: createdAt }, createdAt)).toBeUndefined();
      expect(await store.beginDelivery(id, { now: createdAt, bodySha256: 'ab', leaseUntil: createdAt + 1 })).toBeUndefined();
      expect(await store.endDelivery(id, { attempt: 1, entry: { at: createdAt, ms: 1 }, status: 'delivered' })).toBeUndefined();
      expect(await store.sweep(id, { now: createdAt, sweepAt: createdAt + 1 })).toBeUndefined();
      expect(await store.read(id)).toBeUndefined();
      expect(await store.due(createdAt + 1, 1_000)).not.toContain(id);
    });
  });
}
