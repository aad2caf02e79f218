import { describe, expect, test } from 'vitest';
import { createdAt, made, refused, type Stage } from './stage.js';

export function exerciseSweep(stage: Stage): void {
  describe('sweep', () => {
    test('of a due run adds one to the epoch and sets when to look next', async () => {
      const id = await stage.running(createdAt + 10);
      const before = await stage.store.read(id);
      const run = made(await stage.store.sweep(id, { now: createdAt + 10, sweepAt: createdAt + 4_000 }));
      expect(run).toStrictEqual({ ...before, rev: before!.rev + 1, epoch: 1, sweepAt: createdAt + 4_000 });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      await stage.putOff([id]);
    });

    test('of a run that is not due is refused', async () => {
      const id = await stage.running(createdAt + 10);
      const there = await stage.store.read(id);
      expect(refused(await stage.store.sweep(id, { now: createdAt + 9, sweepAt: createdAt + 4_000 }))).toStrictEqual(there);
      await stage.putOff([id]);
    });

    test('by two at once lets one of them win', async () => {
      for (let round = 0; round < 10; round++) {
        const id = await stage.received({}, createdAt);
        const at = { now: createdAt + 1, sweepAt: createdAt + 4_000 };
        const both = await Promise.all([stage.store.sweep(id, at), stage.rival.sweep(id, at)]);
        expect(both.map((transition) => transition!.applied).sort()).toEqual([false, true]);
        expect(both.map((transition) => transition!.run.epoch)).toEqual([1, 1]);
        await stage.putOff([id]);
      }
    });

    test.each(['received', 'running', 'finalizing'] as const)('takes a run that is %s', async (status) => {
      const id = await stage[status]();
      const before = await stage.store.read(id);
      const run = made(await stage.store.sweep(id, { now: before!.sweepAt!, sweepAt: before!.sweepAt! + 1 }));
      expect(run).toMatchObject({ status, epoch: 1 });
    });

    test.each(['delivered', 'finished', 'cancelled'] as const)('of a run that is %s is refused', async (status) => {
      const id = await stage[status]();
      const over = await stage.store.read(id);
      expect(refused(await stage.store.sweep(id, { now: createdAt * 2, sweepAt: createdAt * 3 }))).toStrictEqual(over);
    });
  });
}
