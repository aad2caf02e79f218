import { describe, expect, test } from 'vitest';
import { createdAt, made, refused, type Stage, succeeded } from './stage.js';

const at = { step: '0', sweepAt: createdAt + 800 };

export function exerciseFail(stage: Stage): void {
  describe('fail', () => {
    test('counts failures and leaves the step open', async () => {
      const id = await stage.running();
      made(await stage.store.fail(id, at));
      const run = made(await stage.rival.fail(id, { step: '0', sweepAt: createdAt + 900 }));
      expect(run).toMatchObject({ status: 'running', rev: 4, sweepAt: createdAt + 900 });
      expect(run.steps).toStrictEqual({ '0': { claims: 1, failures: 2 } });
      expect(made(await stage.store.settle(id, at, succeeded('at last'))).steps['0']).toMatchObject({ claims: 1, failures: 2 });
      await stage.putOff([id]);
    });

    test('of a settled step is refused', async () => {
      const id = await stage.running();
      const settled = made(await stage.store.settle(id, at, succeeded(1)));
      expect(refused(await stage.store.fail(id, at))).toStrictEqual(settled);
      await stage.putOff([id]);
    });

    test.each(['received', 'finalizing', 'delivered', 'finished', 'cancelled'] as const)('of a run that is %s is refused', async (status) => {
      const id = await stage[status]();
      const there = await stage.store.read(id);
      expect(refused(await stage.store.fail(id, at))).toStrictEqual(there);
    });
  });
}
