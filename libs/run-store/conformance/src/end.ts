import { describe, expect, test } from 'vitest';
import { cancelled, createdAt, farOff, frozen, made, refused, type Stage, succeeded } from './stage.js';

const ends = [
  { call: 'finish', status: 'finished', final: frozen },
  { call: 'cancel', status: 'cancelled', final: cancelled },
] as const;

const at = { step: '0', sweepAt: createdAt };

export function exerciseEnd(stage: Stage): void {
  describe.each(ends)('$call', ({ call, status, final }) => {
    test.each(['received', 'running'] as const)('of a run that is %s ends it and takes it out of the sweep', async (before) => {
      const id = await (before === 'received' ? stage.received({}, createdAt + 50) : stage.running(createdAt + 50));
      const { sweepAt: _, ...there } = (await stage.store.read(id))!;
      const run = made(await stage.store[call](id, final));
      expect(run).toStrictEqual({ ...there, status, rev: there.rev + 1, final });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      expect(await stage.store.due(createdAt + 100, 1_000)).not.toContain(id);
    });

    test.each(['finalizing', 'delivered', 'finished', 'cancelled'] as const)('of a run that is %s is refused', async (before) => {
      const id = await stage[before]();
      const there = await stage.store.read(id);
      expect(refused(await stage.rival[call](id, { frozenAt: farOff, reason: 'late' }))).toStrictEqual(there);
      expect(await stage.store.read(id)).toStrictEqual(there);
    });

    test('leaves no step to settle, claim or fail', async () => {
      const id = await stage.running();
      const there = made(await stage.store[call](id, final));
      expect(refused(await stage.rival.settle(id, at, succeeded('too late')))).toStrictEqual(there);
      expect(refused(await stage.rival.claim(id, at))).toStrictEqual(there);
      expect(refused(await stage.rival.fail(id, at))).toStrictEqual(there);
    });

    test('at the same time as a settlement never loses one that was made', async () => {
      for (let round = 0; round < 20; round++) {
        const id = await stage.running();
        const [settled, ended] = await Promise.all([
          stage.store.settle(id, { step: '0', sweepAt: farOff }, succeeded(round)),
          stage.rival[call](id, final),
        ]);
        const run = made(ended);
        expect(run.steps['0']?.settlement).toStrictEqual(settled!.applied ? succeeded(round) : undefined);
        expect(await stage.store.read(id)).toStrictEqual(run);
      }
    });
  });

  describe('finish', () => {
    test('read off a later record than there is, as after a failover of the store, is refused', async () => {
      const id = await stage.running();
      const there = (await stage.store.read(id))!;
      expect(refused(await stage.store.finish(id, frozen, there.rev + 1))).toStrictEqual(there);
      expect(made(await stage.store.finish(id, frozen, there.rev)).status).toBe('finished');
    });
  });

  describe('the end of a run', () => {
    test('by several at once comes once, and all see how', async () => {
      for (let round = 0; round < 10; round++) {
        const id = await stage.running();
        const all = await Promise.all([stage.store.finish(id, frozen), stage.rival.cancel(id, cancelled), stage.store.freeze(id, frozen, farOff)]);
        expect(all.filter((transition) => transition!.applied)).toHaveLength(1);
        const run = await stage.rival.read(id);
        expect(all.map((transition) => transition!.run)).toStrictEqual([run, run, run]);
      }
    });
  });
}
