import { describe, expect, test } from 'vitest';
import { createdAt, made, refused, type Stage, succeeded } from './stage.js';

export function exerciseClaim(stage: Stage): void {
  describe('claim', () => {
    test('moves a received run to running and counts', async () => {
      const id = await stage.received();
      const run = made(await stage.store.claim(id, { step: '0', sweepAt: createdAt + 1_500 }));
      expect(run).toMatchObject({ status: 'running', rev: 2, epoch: 0, sweepAt: createdAt + 1_500, steps: { '0': { claims: 1, failures: 0 } } });
      expect(await stage.rival.read(id)).toStrictEqual(run);
    });

    test('of a step that was claimed counts again, and of another counts that', async () => {
      const id = await stage.running();
      made(await stage.rival.claim(id, { step: '0', sweepAt: createdAt }));
      const run = made(await stage.store.claim(id, { step: '1', sweepAt: createdAt + 7 }));
      expect(run).toMatchObject({ status: 'running', rev: 4, sweepAt: createdAt + 7 });
      expect(run.steps).toStrictEqual({ '0': { claims: 2, failures: 0 }, '1': { claims: 1, failures: 0 } });
      await stage.putOff([id]);
    });

    test('of one step by many at once counts every one', async () => {
      const id = await stage.received();
      const stores = Array.from({ length: 12 }, (_, i) => (i % 2 ? stage.store : stage.rival));
      const claimed = (await Promise.all(stores.map((store) => store.claim(id, { step: '0', sweepAt: createdAt + 5 })))).map(made);
      for (const { rev, steps } of claimed) expect(steps).toStrictEqual({ '0': { claims: rev - 1, failures: 0 } });
      expect(await stage.store.read(id)).toMatchObject({ rev: 13, steps: { '0': { claims: 12, failures: 0 } } });
      await stage.putOff([id]);
    });

    test('of a settled step is refused and tells the settlement', async () => {
      const id = await stage.running();
      const settled = made(await stage.store.settle(id, { step: '0', sweepAt: createdAt + 9 }, succeeded('done')));
      const run = refused(await stage.rival.claim(id, { step: '0', sweepAt: createdAt + 1 }));
      expect(run).toStrictEqual(settled);
      expect(run.steps['0']?.settlement).toStrictEqual(succeeded('done'));
      await stage.putOff([id]);
    });

    test.each(['finalizing', 'delivered', 'finished', 'cancelled'] as const)('of a run that is %s is refused', async (status) => {
      const id = await stage[status]();
      const there = await stage.store.read(id);
      expect(refused(await stage.store.claim(id, { step: '1', sweepAt: createdAt }))).toStrictEqual(there);
    });
  });
}
