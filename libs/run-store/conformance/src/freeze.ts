import type { FinalRecord } from '@millrace/run-store';
import { describe, expect, test } from 'vitest';
import { createdAt, farOff, frozen, made, refused, type Stage, succeeded } from './stage.js';

const frozenLater: FinalRecord = { frozenAt: createdAt + 9_000 };

export function exerciseFreeze(stage: Stage): void {
  describe('freeze', () => {
    test.each(['received', 'running'] as const)('of a run that is %s keeps the outcome', async (status) => {
      const id = await stage[status]();
      const before = await stage.store.read(id);
      const run = made(await stage.store.freeze(id, frozenLater, createdAt + 9_500));
      expect(run).toStrictEqual({ ...before, status: 'finalizing', rev: before!.rev + 1, sweepAt: createdAt + 9_500, final: frozenLater });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      await stage.putOff([id]);
    });

    test('read off a later record than there is, as after a failover of the store, is refused', async () => {
      const id = await stage.running();
      const there = (await stage.store.read(id))!;
      expect(refused(await stage.store.freeze(id, frozen, farOff, there.rev + 1))).toStrictEqual(there);
      expect(made(await stage.store.freeze(id, frozen, farOff, there.rev)).status).toBe('finalizing');
      await stage.putOff([id]);
    });

    test('leaves no step to settle, claim or fail', async () => {
      const id = await stage.running();
      const there = made(await stage.store.freeze(id, frozen, farOff));
      const at = { step: '0', sweepAt: createdAt };
      expect(refused(await stage.rival.settle(id, at, succeeded('too late')))).toStrictEqual(there);
      expect(refused(await stage.rival.claim(id, at))).toStrictEqual(there);
      expect(refused(await stage.rival.fail(id, at))).toStrictEqual(there);
    });

    test.each(['finalizing', 'delivered', 'finished'] as const)('of a run that is %s is refused and keeps the first outcome', async (status) => {
      const id = await stage[status]();
      const there = await stage.store.read(id);
      expect(there?.final).toStrictEqual(frozen);
      expect(refused(await stage.store.freeze(id, frozenLater, createdAt))).toStrictEqual(there);
    });

    test('of a run that is cancelled is refused', async () => {
      const id = await stage.cancelled();
      const there = await stage.store.read(id);
      expect(refused(await stage.rival.freeze(id, frozenLater, createdAt))).toStrictEqual(there);
    });

    test('by two at once lets one of them win, and both see which', async () => {
      for (let round = 0; round < 10; round++) {
        const id = await stage.running();
        const both = await Promise.all([stage.store.freeze(id, frozen, farOff), stage.rival.freeze(id, frozenLater, farOff)]);
        expect(both.map((transition) => transition!.applied).sort()).toEqual([false, true]);
        const winner = both[0]!.applied ? frozen : frozenLater;
        expect(both.map((transition) => transition!.run.final)).toStrictEqual([winner, winner]);
      }
    });

    test('at the same time as a settlement never loses one that was made', async () => {
      for (let round = 0; round < 20; round++) {
        const id = await stage.running();
        const [settled, froze] = await Promise.all([
          stage.store.settle(id, { step: '0', sweepAt: farOff }, succeeded(round)),
          stage.rival.freeze(id, frozenLater, farOff),
        ]);
        const run = made(froze);
        expect(run.steps['0']?.settlement).toStrictEqual(settled!.applied ? succeeded(round) : undefined);
        expect(await stage.store.read(id)).toStrictEqual(run);
      }
    });
  });
}
