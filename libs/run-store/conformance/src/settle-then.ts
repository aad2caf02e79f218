import { describe, expect, test } from 'vitest';
import { createdAt, failed, farOff, frozen, made, refused, type Stage, succeeded } from './stage.js';

const at = { step: '0', sweepAt: createdAt + 1_500 };

export function exerciseSettleThen(stage: Stage): void {
  exerciseClaim(stage);
  exerciseFinish(stage);
}

function exerciseClaim(stage: Stage): void {
  describe('settle, then claim', () => {
    test('does both in one transition', async () => {
      const id = await stage.running();
      const before = await stage.store.read(id);
      const run = made(await stage.store.settle(id, at, succeeded(1), { claim: '1' }));
      expect(run).toStrictEqual({
        ...before,
        rev: 3,
        sweepAt: at.sweepAt,
        steps: { '0': { claims: 1, failures: 0, settlement: succeeded(1) }, '1': { claims: 1, failures: 0 } },
      });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      await stage.putOff([id]);
    });

    test('of a step that was claimed and failed before counts one more claim', async () => {
      const id = await stage.running();
      made(await stage.rival.claim(id, { step: '1', sweepAt: farOff }));
      made(await stage.rival.fail(id, { step: '1', sweepAt: farOff }));
      const run = made(await stage.store.settle(id, at, succeeded(1), { claim: '1' }));
      expect(run.steps['1']).toStrictEqual({ claims: 2, failures: 1 });
      await stage.putOff([id]);
    });

    test('of a step that is settled settles and leaves that as it is', async () => {
      const id = await stage.running();
      made(await stage.rival.settle(id, { step: '1', sweepAt: farOff }, failed('X')));
      const run = made(await stage.store.settle(id, at, succeeded(1), { claim: '1' }));
      expect(run).toMatchObject({ rev: 4, sweepAt: at.sweepAt });
      expect(run.steps).toStrictEqual({
        '0': { claims: 1, failures: 0, settlement: succeeded(1) },
        '1': { claims: 0, failures: 0, settlement: failed('X') },
      });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      await stage.putOff([id]);
    });

    test('claims nothing when the settlement is refused', async () => {
      const id = await stage.running();
      const settled = made(await stage.store.settle(id, at, succeeded('first')));
      expect(refused(await stage.rival.settle(id, at, succeeded('second'), { claim: '1' }))).toStrictEqual(settled);
      expect(await stage.store.read(id)).toStrictEqual(settled);
      await stage.putOff([id]);
    });

    test('of one step by two that settle different ones counts both claims', async () => {
      for (let round = 0; round < 10; round++) {
        const id = await stage.running();
        await Promise.all([
          stage.store.settle(id, at, succeeded('left'), { claim: '2' }),
          stage.rival.settle(id, { ...at, step: '1' }, succeeded('right'), { claim: '2' }),
        ]);
        expect((await stage.store.read(id))?.steps['2']).toStrictEqual({ claims: 2, failures: 0 });
        await stage.putOff([id]);
      }
    });

    test('at the same time as that step is settled leaves a claim before the settlement or none', async () => {
      for (let round = 0; round < 20; round++) {
        const id = await stage.running();
        const both = await Promise.all([
          stage.store.settle(id, at, succeeded('left'), { claim: '1' }),
          stage.rival.settle(id, { ...at, step: '1' }, succeeded('right')),
        ]);
        const [left, right] = both.map(made);
        const claims = left!.rev < right!.rev ? 1 : 0;
        const run = (await stage.store.read(id))!;
        expect(run.rev).toBe(4);
        expect(run.steps).toStrictEqual({
          '0': { claims: 1, failures: 0, settlement: succeeded('left') },
          '1': { claims, failures: 0, settlement: succeeded('right') },
        });
        await stage.putOff([id]);
      }
    });
  });
}

function exerciseFinish(stage: Stage): void {
  describe('settle, then finish', () => {
    test('does both in one transition and takes the run out of the sweep', async () => {
      const id = await stage.running(createdAt + 50);
      const { sweepAt: _, ...before } = (await stage.store.read(id))!;
      const run = made(await stage.store.settle(id, { step: '0', sweepAt: createdAt + 60 }, succeeded('done'), { finish: frozen }));
      expect(run).toStrictEqual({
        ...before,
        status: 'finished',
        rev: 3,
        steps: { '0': { claims: 1, failures: 0, settlement: succeeded('done') } },
        final: frozen,
      });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      expect(await stage.store.due(createdAt + 100, 1_000)).not.toContain(id);
    });

    test('settles only, if the record is older than what the end was read off', async () => {
      const id = await stage.running();
      const there = (await stage.store.read(id))!;
      const run = made(await stage.store.settle(id, at, succeeded('done'), { finish: frozen, knownRev: there.rev + 1 }));
      expect(run).toMatchObject({ status: 'running', rev: there.rev + 1, sweepAt: at.sweepAt, steps: { '0': { settlement: succeeded('done') } } });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      await stage.putOff([id]);
    });

    test('does not end the run when the settlement is refused', async () => {
      const id = await stage.running();
      const settled = made(await stage.store.settle(id, at, succeeded('first')));
      expect(refused(await stage.rival.settle(id, at, succeeded('second'), { finish: frozen }))).toStrictEqual(settled);
      expect(await stage.store.read(id)).toStrictEqual(settled);
      await stage.putOff([id]);
    });

    test('by two at once lets one of them end the run, and both see how', async () => {
      for (let round = 0; round < 20; round++) {
        const id = await stage.running();
        const both = await Promise.all([
          stage.store.settle(id, at, succeeded('left'), { finish: frozen }),
          stage.rival.settle(id, { ...at, step: '1' }, succeeded('right'), { finish: frozen }),
        ]);
        expect(both.map((transition) => transition!.applied).sort()).toEqual([false, true]);
        const run = await stage.store.read(id);
        expect(both.map((transition) => transition!.run)).toStrictEqual([run, run]);
        expect(Object.values(run!.steps).filter(({ settlement }) => settlement)).toHaveLength(1);
      }
    });
  });
}
