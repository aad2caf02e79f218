import type { RunStatus, RunStore } from '@millrace/run-store';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { cancelled, createdAt, digest, farOff, frozen, headOf, made, newId, type Stage, succeeded } from './stage.js';

type Move = (store: RunStore, id: string) => Promise<unknown>;

const at = { step: '0', sweepAt: farOff };
const patience = { timeout: 10_000, interval: 5 };

const ends: Readonly<Record<string, readonly [Move, RunStatus]>> = {
  finish: [(store, id) => store.finish(id, frozen), 'finished'],
  cancel: [(store, id) => store.cancel(id, cancelled), 'cancelled'],
  freeze: [(store, id) => store.freeze(id, frozen, farOff), 'finalizing'],
  'the last settlement': [(store, id) => store.settle(id, at, succeeded(1), { finish: frozen }), 'finished'],
  'the last of many settlements': [
    (store, id) => Promise.all(['1', '2', '0'].map((step) => store.settle(id, { ...at, step }, succeeded(1), step === '0' ? { finish: frozen } : {}))),
    'finished',
  ],
};

/** What a run may see before its end. */
const moves: readonly Move[] = [
  (store, id) => store.claim(id, at),
  (store, id) => store.fail(id, at),
  (store, id) => store.snooze(id, at),
  (store, id) => store.settle(id, { ...at, step: '1' }, succeeded(1)),
  (store, id) => store.settle(id, { ...at, step: '2' }, succeeded(1), { claim: '3' }),
  (store, id) => store.sweep(id, { now: farOff, sweepAt: farOff }),
];

export function exerciseWatchEnd(stage: Stage): void {
  /** Counts how often a watch calls, until the test is over. */
  const watch = async (store: RunStore, id: string, scope: 'all' | 'end') => {
    const changed = vi.fn<() => void>();
    const stop = await store.watch(id, changed, scope);
    onTestFinished(stop);
    return { changed, stop, calls: () => changed.mock.calls.length };
  };
  /** The id of a run whose end somebody is said to watch. */
  const created = async (): Promise<string> => {
    const id = newId();
    made(await stage.store.create(headOf(id), farOff, { watched: 'end' }));
    made(await stage.rival.claim(id, at));
    return id;
  };

  describe.each(['running', 'created'] as const)('a watch for the end of a run that was just %s', (begun) => {
    const begin = (): Promise<string> => (begun === 'created' ? created() : stage.running());

    test.each(Object.keys(ends))('is told of %s, when the record is there to be read', async (name) => {
      const [end, status] = ends[name]!;
      const id = await begin();
      const seen: Array<RunStatus | undefined> = [];
      onTestFinished(await stage.store.watch(id, () => void stage.store.read(id).then((run) => seen.push(run?.status)), 'end'));
      await end(stage.rival, id);
      await vi.waitFor(() => expect(seen).toContain(status), patience);
    });

    test('is told of nothing before, though others are', async () => {
      const id = await begin();
      const watcher = await watch(stage.store, id, 'end');
      const others = [await watch(stage.store, id, 'all'), await watch(stage.rival, id, 'all')] as const;
      for (const move of moves) {
        for (const { changed } of others) changed.mockClear();
        await move(stage.rival, id);
        await expect.poll(() => others.every(({ calls }) => calls() > 0), patience).toBe(true);
      }
      await stage.rival.claimMembers(id, { step: '4', members: [0], sweepAt: farOff });
      expect(watcher.calls()).toBe(0);
      await stage.rival.cancel(id, cancelled);
      await expect.poll(() => [watcher, ...others].every(({ calls }) => calls() > 0), patience).toBe(true);
      expect(watcher.calls()).toBe(1);
    });

    test('is told also in another process, and by what the same store did', async () => {
      const id = await begin();
      const watchers = [await watch(stage.store, id, 'end'), await watch(stage.store, id, 'end'), await watch(stage.rival, id, 'end')];
      await stage.store.finish(id, frozen);
      await expect.poll(() => watchers.map(({ calls }) => calls()), patience).toEqual([1, 1, 1]);
    });
  });

  describe('a watch for the end', () => {
    test('is told of the end of its own run alone', async () => {
      const ids = [await created(), await created(), await stage.running(), await stage.running()];
      const watchers = await Promise.all(ids.map((id) => watch(stage.store, id, 'end')));
      await Promise.all([stage.rival.finish(ids[1]!, frozen), stage.rival.finish(ids[3]!, frozen)]);
      await expect.poll(() => watchers.map(({ calls }) => calls()), patience).toEqual([0, 1, 0, 1]);
    });

    test('of a run that was ended says nothing of its delivery', async () => {
      const id = await created();
      const all = await watch(stage.rival, id, 'all');
      const watcher = await watch(stage.store, id, 'end');
      await stage.rival.freeze(id, frozen, farOff);
      await expect.poll(watcher.calls, patience).toBe(1);
      all.changed.mockClear();
      await stage.rival.beginDelivery(id, { now: createdAt, bodySha256: digest, leaseUntil: farOff });
      await expect.poll(all.calls, patience).toBeGreaterThan(0);
      await stage.rival.endDelivery(id, { attempt: 1, entry: { at: createdAt, ms: 1 }, status: 'delivered' });
      const later = await watch(stage.store, id, 'end');
      expect([watcher.calls(), later.calls()]).toEqual([1, 0]);
    });

    test('once it is stopped is told nothing, others are', async () => {
      const id = await created();
      const [first, second] = [await watch(stage.store, id, 'end'), await watch(stage.store, id, 'end')];
      await first.stop();
      await first.stop();
      await stage.rival.cancel(id, cancelled);
      await expect.poll(second.calls, patience).toBe(1);
      expect(first.calls()).toBe(0);
    });

    test('goes on when one for everything is stopped, and the other way round', async () => {
      const [one, other] = [await stage.running(), await stage.running()];
      const [all, end] = [await watch(stage.store, one, 'all'), await watch(stage.store, one, 'end')];
      await all.stop();
      await stage.rival.finish(one, frozen);
      await expect.poll(end.calls, patience).toBe(1);

      const [stopped, going] = [await watch(stage.store, other, 'end'), await watch(stage.store, other, 'all')];
      await stopped.stop();
      await stage.rival.claim(other, at);
      await expect.poll(going.calls, patience).toBeGreaterThan(0);
    });

    test('leaves nothing in the record, and a run that is not there is not created', async () => {
      const [id, unknown] = [await created(), newId()];
      const { sweepAt, ...run } = (await stage.rival.read(id))!;
      expect({ run, sweepAt }).toStrictEqual({ run: { ...headOf(id), status: 'running', rev: 2, epoch: 0, steps: { '0': { claims: 1, failures: 0 } } }, sweepAt: farOff });
      await watch(stage.store, id, 'end');
      await watch(stage.store, unknown, 'end');
      expect(await stage.rival.read(id)).toStrictEqual({ ...run, sweepAt });
      expect(await stage.rival.read(unknown)).toBeUndefined();
    });

    test('ends with the store', async () => {
      const id = await created();
      const store = stage.another();
      const watcher = await watch(store, id, 'end');
      await store.close();
      const witness = await watch(stage.store, id, 'end');
      await stage.rival.finish(id, frozen);
      await expect.poll(witness.calls, patience).toBe(1);
      expect(watcher.calls()).toBe(0);
      await watcher.stop();
    });

    test('of a run whose id was taken is told of the one that is there', async () => {
      const id = await stage.running();
      expect(await stage.store.create(headOf(id), farOff, { watched: 'end' })).toMatchObject({ applied: false });
      const watcher = await watch(stage.store, id, 'end');
      await stage.rival.finish(id, frozen);
      await expect.poll(watcher.calls, patience).toBe(1);
    });
  });
}
