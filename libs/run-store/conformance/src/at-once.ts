import type { RunRecord, RunStore, Transition } from '@millrace/run-store';
import { describe, expect, test } from 'vitest';
import { createdAt, failed, farOff, frozen, made, newId, refused, type Stage, succeeded } from './stage.js';

const steps = Array.from({ length: 10 }, (_, i) => `${i}`);
const at = (step: string, sweepAt = farOff) => ({ step, sweepAt });
const settledOf = (run: RunRecord): string[] => Object.keys(run.steps).filter((step) => run.steps[step]?.settlement);

/** Calls of one store that nothing separates: it may make one update of them, but each is a transition of its own. */
export function exerciseAtOnce(stage: Stage): void {
  const atOnce = async (id: string, calls: ReadonlyArray<(store: RunStore) => Promise<Transition | undefined>>) => {
    const transitions = (await Promise.all(calls.map((call) => call(stage.store)))).map((transition) => transition!);
    const run = (await stage.rival.read(id))!;
    return { transitions, applied: transitions.map(({ applied }) => applied), run };
  };

  describe('calls made at once', () => {
    test('to claim different steps all count', async () => {
      const id = await stage.received();
      const { transitions, run } = await atOnce(id, steps.map((step) => (store) => store.claim(id, at(step))));
      expect(run).toMatchObject({ status: 'running', rev: 11 });
      expect(run.steps).toStrictEqual(Object.fromEntries(steps.map((step) => [step, { claims: 1, failures: 0 }])));
      for (const [i, claimed] of transitions.map(made).entries()) {
        expect(claimed).toMatchObject({ status: 'running', steps: { [i]: { claims: 1 } } });
        expect(Object.keys(claimed.steps)).toHaveLength(claimed.rev - 1);
      }
    });

    test('to claim one step all count', async () => {
      const id = await stage.running();
      const { transitions, run } = await atOnce(id, steps.map(() => (store) => store.claim(id, at('0'))));
      expect(run).toMatchObject({ rev: 12, steps: { '0': { claims: 11, failures: 0 } } });
      for (const { rev, steps } of transitions.map(made)) expect(steps['0']).toStrictEqual({ claims: rev - 1, failures: 0 });
    });

    test('by hundreds are all made', async () => {
      const id = await stage.running();
      const { applied, run } = await atOnce(id, Array.from({ length: 200 }, (_, i) => (store) => store.settle(id, at(`${i}`), succeeded(i))));
      expect(applied).toEqual(applied.map(() => true));
      expect(run.rev).toBe(202);
      expect(Object.entries(run.steps).map(([step, { settlement }]) => [step, settlement])).toEqual(applied.map((_, i) => [`${i}`, succeeded(i)]));
    });

    test('to settle the same steps let one win each, and all see which', async () => {
      const id = await stage.running();
      const calls = ['left', 'right'].flatMap((side) => steps.map((step) => (store: RunStore) => store.settle(id, at(step), succeeded(`${side} ${step}`))));
      const rivals = Promise.all(steps.map((step) => stage.rival.settle(id, at(step), failed(`RIVAL ${step}`))));
      const { transitions } = await atOnce(id, calls);
      const all = [...transitions, ...(await rivals).map((transition) => transition!)];
      const run = (await stage.store.read(id))!;
      expect(run.rev).toBe(12);
      for (const [i, step] of steps.entries()) {
        const ofStep = all.filter((_, call) => call % 10 === i);
        expect(ofStep.filter(({ applied }) => applied)).toHaveLength(1);
        expect(ofStep.map((transition) => transition.run.steps[step]?.settlement)).toStrictEqual([0, 1, 2].map(() => run.steps[step]?.settlement));
      }
    });

    test('to settle, claim, fail and snooze one step come to some order of them', async () => {
      const id = await stage.running();
      const { transitions, run } = await atOnce(id, [
        (store) => store.claim(id, at('0')),
        (store) => store.fail(id, at('0')),
        (store) => store.settle(id, at('0'), succeeded('done')),
        (store) => store.claim(id, at('0')),
        (store) => store.fail(id, at('0')),
        (store) => store.snooze(id, at('0')),
      ]);
      const [before, failedBefore, settled, after, failedAfter, snoozed] = transitions.map(({ applied }) => Number(applied));
      expect(settled).toBe(1);
      const [claims, failures] = [1 + before! + after!, failedBefore! + failedAfter!];
      expect(run.steps['0']).toStrictEqual({ claims, failures, ...(snoozed ? { snoozes: 1 } : {}), settlement: succeeded('done') });
      expect(run.rev).toBe(2 + claims + failures + snoozed!);
    });

    test('of which one ends the run leave nothing half done', async () => {
      for (let round = 0; round < 5; round++) {
        const id = await stage.running();
        const { applied, run } = await atOnce(id, [
          (store) => store.settle(id, at('1', createdAt + 50), succeeded(1), { claim: '3' }),
          (store) => store.settle(id, at('0', createdAt + 50), succeeded(0), { finish: frozen }),
          (store) => store.settle(id, at('2', createdAt + 50), succeeded(2), { claim: '3' }),
          (store) => store.claim(id, at('4', createdAt + 50)),
          (store) => store.fail(id, at('4', createdAt + 50)),
        ]);
        expect(applied[1]).toBe(true);
        expect(run).toMatchObject({ status: 'finished', final: frozen, rev: 2 + applied.filter(Boolean).length });
        expect(run).not.toHaveProperty('sweepAt');
        expect(settledOf(run)).toEqual(['0', '1', '2'].filter((step) => applied[[1, 0, 2][Number(step)]!]));
        expect(run.steps['3']?.claims ?? 0).toBe(Number(applied[0]) + Number(applied[2]));
        expect(run.steps['4'] ?? { claims: 0, failures: 0 }).toStrictEqual({ claims: Number(applied[3]), failures: Number(applied[4]) });
        expect(await stage.store.due(createdAt + 100, 1_000)).not.toContain(id);
      }
    });

    test('to end the run by different steps let one of them', async () => {
      const id = await stage.running();
      const { transitions, applied, run } = await atOnce(id, steps.map((step) => (store) => store.settle(id, at(step), succeeded(step), { finish: frozen })));
      expect(applied.filter(Boolean)).toHaveLength(1);
      expect(settledOf(run)).toEqual([`${applied.indexOf(true)}`]);
      expect(run).toMatchObject({ status: 'finished', rev: 3 });
      expect(transitions.map((transition) => transition.run)).toStrictEqual(steps.map(() => run));
    });

    test('of a run that may not be claimed or settled are all refused', async () => {
      const id = await stage.cancelled();
      const there = await stage.store.read(id);
      const { transitions } = await atOnce(id, [(store) => store.claim(id, at('0')), (store) => store.settle(id, at('1'), succeeded(1)), (store) => store.fail(id, at('2'))]);
      expect(transitions.map(refused)).toStrictEqual([there, there, there]);
    });

    test('have the run swept when one of them says, and found then', async () => {
      const id = await stage.received({}, createdAt + 700);
      const times = [createdAt + 900, createdAt + 300, createdAt + 600];
      const { run } = await atOnce(id, times.map((sweepAt, i) => (store) => store.claim(id, at(`${i}`, sweepAt))));
      expect(times).toContain(run.sweepAt);
      await expect.poll(() => stage.store.due(run.sweepAt!, 1_000)).toContain(id);
      expect(await stage.store.due(run.sweepAt! - 1, 1_000)).not.toContain(id);
      await stage.putOff([id]);
    });

    test('of different runs go to their own', async () => {
      const ids = await Promise.all(steps.map(() => stage.received()));
      const unknown = newId();
      const told = await Promise.all([...ids, unknown].flatMap((id, i) => [stage.store.claim(id, at('0')), stage.store.claim(id, at(`1.${i}`))]));
      expect(told.map((transition) => transition?.run.id)).toEqual([...ids.flatMap((id) => [id, id]), undefined, undefined]);
      for (const [i, id] of ids.entries()) {
        expect(await stage.rival.read(id)).toMatchObject({ rev: 3, steps: { '0': { claims: 1 }, [`1.${i}`]: { claims: 1 } } });
      }
    });
  });
}
