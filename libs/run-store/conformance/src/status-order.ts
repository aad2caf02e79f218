import type { RunRecord, RunStatus, RunStore } from '@millrace/run-store';
import { describe, expect, test } from 'vitest';
import { createdAt, digest, farOff, frozen, headOf, newId, type Stage, succeeded } from './stage.js';

export const statusOrder: readonly RunStatus[] = ['received', 'running', 'finalizing', 'delivering', 'delivered', 'exhausted', 'endpoint-disabled', 'finished', 'cancelled'];

type Move = (store: RunStore, id: string) => Promise<unknown>;
const at = { step: '0', sweepAt: farOff };

const life: readonly Move[] = [
  (store, id) => store.claim(id, at),
  (store, id) => store.fail(id, at),
  (store, id) => store.snooze(id, at),
  (store, id) => store.settle(id, at, succeeded(1)),
  (store, id) => store.sweep(id, { now: farOff, sweepAt: farOff }),
  (store, id) => store.freeze(id, frozen, farOff),
  (store, id) => store.beginDelivery(id, { now: createdAt, bodySha256: digest, leaseUntil: farOff }),
  (store, id) => store.endDelivery(id, { attempt: 1, entry: { at: createdAt, ms: 3 }, status: 'delivered' }),
];

const otherEnds: readonly Move[] = [
  (store, id) => store.settle(id, { ...at, step: '7' }, succeeded(1), { claim: '8' }),
  (store, id) => store.settle(id, { ...at, step: '7' }, succeeded(1), { finish: frozen }),
  (store, id) => store.finish(id, { frozenAt: farOff }),
  (store, id) => store.cancel(id, { frozenAt: farOff, reason: 'too late' }),
  (store, id) => store.claimMembers(id, { step: '9', members: [0], sweepAt: createdAt }),
  (store, id) => store.changeMembers(id, { step: '9', sweepAt: createdAt }, new Map([[0, succeeded(1)]])),
];

export function exerciseStatusOrder(stage: Stage): void {
  describe('a life', () => {
    test('takes one rev for each transition, and only ever goes forward', async () => {
      const id = newId();
      const records: RunRecord[] = [(await stage.store.create(headOf(id), farOff)).run];
      for (const move of life) {
        await move(stage.store, id);
        records.push((await stage.rival.read(id))!);
      }
      expect(records.map(({ rev }) => rev)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(records.map(({ status }) => status)).toEqual([
        'received', 'running', 'running', 'running', 'running', 'running', 'finalizing', 'delivering', 'delivered',
      ]);
    });

    test.each(['delivered', 'finished', 'cancelled'] as const)('that is over as %s is not changed by anything', async (status) => {
      const id = await stage[status]();
      const over = await stage.store.read(id);
      await stage.store.create(headOf(id), createdAt);
      for (const move of [...life, ...otherEnds]) await move(stage.store, id);
      await stage.store.touch(id, createdAt);
      expect(await stage.rival.read(id)).toStrictEqual(over);
      expect(await stage.rival.readMembers(id, '9')).toEqual(new Map());
    });
  });
}
