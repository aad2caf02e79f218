import type { DocumentStore } from '@millrace/document-store';
import { describe, expect, type Mock, onTestFinished, test, vi } from 'vitest';
import { newCollection, type Stage } from './stage.js';

const patience = { timeout: 10_000, interval: 5 };

export function exerciseWatch(stage: Stage): void {
  const watch = async (store: DocumentStore, collection: string) => {
    const changed = vi.fn<() => void>();
    const stop = await store.watch(collection, changed);
    onTestFinished(stop);
    return { changed, stop };
  };
  /** How often each watcher was told, at least. Time goes by until all were, as a store may look once a second. */
  const calls = (...watchers: ReadonlyArray<{ readonly changed: Mock }>) => async () => {
    const least = (): number => Math.min(...watchers.map(({ changed }) => changed.mock.calls.length));
    if (least() === 0) await stage.clock.advance(250);
    return least();
  };

  describe('watch', () => {
    test('tells of what this and another process put and remove', async () => {
      const name = { collection: newCollection(), key: 'a' };
      const watchers = [await watch(stage.store, name.collection), await watch(stage.rival, name.collection)];
      const changes = [() => stage.store.put(name, '1'), () => stage.rival.put(name, '2'), () => stage.rival.remove(name), () => stage.store.put(name, '3')];
      for (const change of changes) {
        for (const { changed } of watchers) changed.mockClear();
        await change();
        await expect.poll(calls(...watchers), patience).toBeGreaterThan(0);
      }
    });

    test('tells when the change is there to be read, and at least once after the last of many', async () => {
      const name = { collection: newCollection(), key: 'a' };
      let seen = 0;
      const changed = vi.fn<() => void>(() => void stage.store.get(name).then((document) => (seen = Math.max(seen, document?.version ?? 0))));
      onTestFinished(await stage.store.watch(name.collection, changed));
      await Promise.all(Array.from({ length: 20 }, (_, i) => stage.rival.put(name, `${i}`)));
      const look = async (): Promise<number> => {
        if (seen < 20) await stage.clock.advance(250);
        return seen;
      };
      await expect.poll(look, patience).toBe(20);
    });

    test('tells whoever watches until that one stops, which may be twice', async () => {
      const name = { collection: newCollection(), key: 'a' };
      const [first, second] = [await watch(stage.store, name.collection), await watch(stage.store, name.collection)];
      await first.stop();
      await first.stop();
      first.changed.mockClear();
      await stage.rival.put(name, '1');
      await expect.poll(calls(second), patience).toBeGreaterThan(0);
      expect(first.changed).not.toHaveBeenCalled();
      const again = await watch(stage.store, name.collection);
      await stage.rival.put(name, '2');
      await expect.poll(calls(again), patience).toBeGreaterThan(0);
    });

    test('ends with the store', async () => {
      const name = { collection: newCollection(), key: 'a' };
      const store = stage.another();
      const [watcher, witness] = [await watch(store, name.collection), await watch(stage.store, name.collection)];
      await store.close();
      watcher.changed.mockClear();
      await stage.rival.put(name, '1');
      await expect.poll(calls(witness), patience).toBeGreaterThan(0);
      expect(watcher.changed).not.toHaveBeenCalled();
      await watcher.stop();
    });
  });
}
