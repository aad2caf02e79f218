import { describe, expect, test } from 'vitest';
import { createdAt, made, refused, type Stage, succeeded } from './stage.js';

const at = { step: '0', sweepAt: createdAt + 800 };

/** What tells the two ways in which a try may end without a settlement apart. */
const ways = {
  fail: { counted: (failures: number) => ({ claims: 1, failures }) },
  snooze: { counted: (snoozes: number) => ({ claims: 1, failures: 0, snoozes }) },
} as const;

export function exerciseEndTry(stage: Stage): void {
  describe.each(['fail', 'snooze'] as const)('%s', (way) => {
    const { counted } = ways[way];

    test('counts and leaves the step open', async () => {
      const id = await stage.running();
      expect(made(await stage.store[way](id, at)).steps).toStrictEqual({ '0': counted(1) });
      const run = made(await stage.rival[way](id, { step: '0', sweepAt: createdAt + 900 }));
      expect(run).toMatchObject({ status: 'running', rev: 4, sweepAt: createdAt + 900 });
      expect(run.steps).toStrictEqual({ '0': counted(2) });
      expect(made(await stage.store.settle(id, at, succeeded('at last'))).steps['0']).toMatchObject(counted(2));
      await stage.putOff([id]);
    });

    test('of a settled step is refused', async () => {
      const id = await stage.running();
      const settled = made(await stage.store.settle(id, at, succeeded(1)));
      expect(refused(await stage.store[way](id, at))).toStrictEqual(settled);
      await stage.putOff([id]);
    });

    test.each(['received', 'finalizing', 'delivered', 'finished', 'cancelled'] as const)('of a run that is %s is refused', async (status) => {
      const id = await stage[status]();
      const there = await stage.store.read(id);
      expect(refused(await stage.store[way](id, at))).toStrictEqual(there);
    });

    test('has the run found due at its time', async () => {
      const id = await stage.running();
      made(await stage.store[way](id, { step: '0', sweepAt: createdAt + 60 }));
      await expect.poll(() => stage.rival.due(createdAt + 60, 1_000), { timeout: 10_000 }).toContain(id);
      await stage.putOff([id]);
    });
  });

  test('failures and snoozes of one step are counted side by side', async () => {
    const id = await stage.running();
    made(await stage.store.fail(id, at));
    made(await stage.rival.snooze(id, at));
    made(await stage.store.snooze(id, at));
    expect(made(await stage.rival.claim(id, at)).steps['0']).toStrictEqual({ claims: 2, failures: 1, snoozes: 2 });
    await stage.putOff([id]);
  });
}
