import type { RunStatus, RunStore } from '@millrace/run-store';
import { describe, expect, type Mock, onTestFinished, test, vi } from 'vitest';
import { cancelled, createdAt, digest, farOff, frozen, newId, type Stage, succeeded } from './stage.js';

type Move = (store: RunStore, id: string) => Promise<unknown>;

const at = { step: '0', sweepAt: farOff };
const patience = { timeout: 10_000, interval: 5 };

const ends: Readonly<Record<string, readonly [Move, RunStatus]>> = {
  finish: [(store, id) => store.finish(id, frozen), 'finished'],
  cancel: [(store, id) => store.cancel(id, cancelled), 'cancelled'],
  'the last settlement': [(store, id) => store.settle(id, at, succeeded(1), { finish: frozen }), 'finished'],
};

const moves: Readonly<Record<string, Move>> = {
  claim: (store, id) => store.claim(id, at),
  fail: (store, id) => store.fail(id, at),
  snooze: (store, id) => store.snooze(id, at),
  settle: (store, id) => store.settle(id, at, succeeded(1)),
  'settle and claim': (store, id) => store.settle(id, at, succeeded(1), { claim: '1' }),
  freeze: (store, id) => store.freeze(id, frozen, farOff),
  sweep: (store, id) => store.sweep(id, { now: farOff, sweepAt: farOff }),
};

export function exerciseWatch(stage: Stage): void {
  /** Watches a run until the test is over. */
  const watch = async (store: RunStore, id: string) => {
    const changed = vi.fn<() => void>();
    const stop = await store.watch(id, changed);
    onTestFinished(stop);
    return { changed, stop };
  };
  /** How often each watcher was told, at least. */
  const calls = (...watchers: ReadonlyArray<{ readonly changed: Mock }>) => () => Math.min(...watchers.map(({ changed }) => changed.mock.calls.length));

  describe('watch', () => {
    test.each(Object.keys(moves))('tells of %s that another process did', async (name) => {
      const id = await stage.running();
      const watcher = await watch(stage.store, id);
      await moves[name]!(stage.rival, id);
      await expect.poll(calls(watcher), patience).toBeGreaterThan(0);
    });

    test('tells of what the same store did', async () => {
      const id = await stage.received();
      const watcher = await watch(stage.store, id);
      await stage.store.claim(id, at);
      await expect.poll(calls(watcher), patience).toBeGreaterThan(0);
    });

    test.each(Object.keys(ends))('tells of %s, when the record is there to be read', async (name) => {
      const [end, status] = ends[name]!;
      const id = await stage.running();
      const seen: Array<RunStatus | undefined> = [];
      onTestFinished(await stage.store.watch(id, () => void stage.store.read(id).then((run) => seen.push(run?.status))));
      await end(stage.rival, id);
      await vi.waitFor(() => expect(seen).toContain(status), patience);
    });

    test('tells of both ends of a delivery attempt', async () => {
      const id = await stage.finalizing();
      const before = await watch(stage.store, id);
      await stage.rival.beginDelivery(id, { now: createdAt, bodySha256: digest, leaseUntil: farOff });
      await expect.poll(calls(before), patience).toBeGreaterThan(0);
      const after = await watch(stage.store, id);
      await stage.rival.endDelivery(id, { attempt: 1, entry: { at: createdAt, ms: 1 }, status: 'exhausted' });
      await expect.poll(calls(after), patience).toBeGreaterThan(0);
    });

    test('tells at least once after the last of many transitions', async () => {
      const id = await stage.received();
      let seen = 0;
      onTestFinished(await stage.store.watch(id, () => void stage.store.read(id).then((run) => (seen = Math.max(seen, run!.rev)))));
      await Promise.all(Array.from({ length: 40 }, (_, i) => stage.rival.claim(id, { step: `${i % 7}`, sweepAt: farOff })));
      await vi.waitFor(() => expect(seen).toBe(41), patience);
    });

    test('tells every watcher of a run, until that one stops', async () => {
      const id = await stage.running();
      const [first, second, third] = [await watch(stage.store, id), await watch(stage.store, id), await watch(stage.rival, id)];
      await stage.rival.claim(id, at);
      await expect.poll(calls(first, second, third), patience).toBeGreaterThan(0);
      await first.stop();
      for (const { changed } of [first, second, third]) changed.mockClear();
      await stage.rival.claim(id, at);
      await expect.poll(calls(second, third), patience).toBeGreaterThan(0);
      expect(first.changed).not.toHaveBeenCalled();
    });

    test('can be begun again after it was stopped, and stopped twice', async () => {
      const id = await stage.running();
      const before = await watch(stage.store, id);
      await before.stop();
      before.changed.mockClear();
      const [after] = await Promise.all([watch(stage.store, id), before.stop()]);
      await before.stop();
      await stage.rival.claim(id, at);
      await expect.poll(calls(after), patience).toBeGreaterThan(0);
      expect(before.changed).not.toHaveBeenCalled();
    });

    test('of a run that does not exist does not create it', async () => {
      const id = newId();
      await watch(stage.store, id);
      expect(await stage.rival.read(id)).toBeUndefined();
    });

    test('changes nothing in the record', async () => {
      const id = await stage.running();
      const before = await stage.rival.read(id);
      await watch(stage.store, id);
      expect(await stage.rival.read(id)).toStrictEqual(before);
    });

    test('ends with the store', async () => {
      const id = await stage.running();
      const store = stage.another();
      const watcher = await watch(store, id);
      await store.close();
      watcher.changed.mockClear();
      await stage.rival.claim(id, at);
      const witness = await watch(stage.store, id);
      await stage.rival.claim(id, at);
      await expect.poll(calls(witness), patience).toBeGreaterThan(0);
      expect(watcher.changed).not.toHaveBeenCalled();
      await watcher.stop();
    });
  });
}
