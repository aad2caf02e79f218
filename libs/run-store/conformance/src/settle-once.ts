import { chain, signature } from '@millrace/canvas';
import type { StepSettlement } from '@millrace/run-store';
import { describe, expect, test } from 'vitest';
import { createdAt, digest, failed, made, refused, type Stage, succeeded } from './stage.js';

const at = { step: '0', sweepAt: createdAt + 1_500 };
const timing = { claimedAt: createdAt + 100, settledAt: createdAt + 200, handlerMs: 80 };

const settlements: Readonly<Record<string, StepSettlement>> = {
  'succeeded inline': { status: 'succeeded', result: { inline: { rows: [1, 2] } }, timing },
  'succeeded by reference': { status: 'succeeded', result: { ref: { key: 'results/a/0', bytes: 9, sha256: digest, contentType: 'application/json' } }, timing },
  failed: { status: 'failed', error: { code: 'MILLRACE_X', message: 'no', retryable: true, detail: { column: 'price' } }, timing },
  replaced: { status: 'replaced', canvas: chain(signature('a', 1), signature('b')), timing },
  'chose a case': { status: 'chosen', case: 'refunds', timing },
  'chose otherwise': { status: 'chosen', case: null, timing },
  'joined what was there': { status: 'joined', counted: ['1.0', '1.1'], rest: 'late', timing },
  'joined nothing': { status: 'joined', counted: [], rest: 'revoked', timing },
};

export function exerciseSettleOnce(stage: Stage): void {
  describe('settle', () => {
    test.each(Object.keys(settlements))('keeps a step that %s', async (name) => {
      const settlement = settlements[name]!;
      const id = await stage.running();
      const run = made(await stage.store.settle(id, at, settlement));
      expect(run).toMatchObject({ status: 'running', rev: 3, sweepAt: at.sweepAt });
      expect(run.steps).toStrictEqual({ '0': { claims: 1, failures: 0, settlement } });
      expect(await stage.rival.read(id)).toStrictEqual(run);
      await stage.putOff([id]);
    });

    test('of a step that nobody claimed is kept', async () => {
      const id = await stage.running();
      const run = made(await stage.store.settle(id, { ...at, step: '1' }, succeeded(1)));
      expect(run.steps['1']).toStrictEqual({ claims: 0, failures: 0, settlement: succeeded(1) });
      await stage.putOff([id]);
    });

    test('a second time is refused and tells the first', async () => {
      const id = await stage.running();
      const first = made(await stage.store.settle(id, at, succeeded('first')));
      expect(refused(await stage.rival.settle(id, { step: '0', sweepAt: createdAt + 3 }, failed('SECOND')))).toStrictEqual(first);
      expect(await stage.store.read(id)).toStrictEqual(first);
      await stage.putOff([id]);
    });

    test('by two at once lets one of them win, and both see which', async () => {
      for (let round = 0; round < 20; round++) {
        const id = await stage.running();
        const both = await Promise.all([stage.store.settle(id, at, succeeded('left')), stage.rival.settle(id, at, failed('RIGHT'))]);
        const [left, right] = both.map((transition) => transition!);
        expect(left!.applied).toBe(!right!.applied);
        const winner = left!.applied ? succeeded('left') : failed('RIGHT');
        expect(both.map((transition) => transition!.run.steps['0']?.settlement)).toStrictEqual([winner, winner]);
        expect(await stage.store.read(id)).toMatchObject({ rev: 3, steps: { '0': { settlement: winner } } });
        await stage.putOff([id]);
      }
    });

    test('of different steps at once keeps all of them', async () => {
      const id = await stage.running();
      const steps = Array.from({ length: 10 }, (_, i) => `${i}`);
      const stores = [stage.store, stage.rival];
      const settled = (await Promise.all(steps.map((step, i) => stores[i % 2]!.settle(id, { ...at, step }, succeeded(step))))).map(made);
      expect(settled.map(({ steps }, i) => steps[i]?.settlement)).toStrictEqual(steps.map((step) => succeeded(step)));
      for (const { rev, steps } of settled) expect(Object.values(steps).filter(({ settlement }) => settlement)).toHaveLength(rev - 2);
      const run = await stage.store.read(id);
      expect(run).toMatchObject({ rev: 12 });
      expect(Object.values(run!.steps).map(({ settlement }) => settlement)).toStrictEqual(steps.map((step) => succeeded(step)));
      await stage.putOff([id]);
    });

    test('of a run that is only received is refused', async () => {
      const id = await stage.received();
      expect(refused(await stage.store.settle(id, at, succeeded(1)))).toMatchObject({ status: 'received', rev: 1, steps: {} });
    });

    test.each(['finalizing', 'delivered', 'finished', 'cancelled'] as const)('of a run that is %s is refused', async (status) => {
      const id = await stage[status]();
      const there = await stage.store.read(id);
      expect(refused(await stage.rival.settle(id, at, succeeded('late')))).toStrictEqual(there);
    });
  });
}
