import type { Change } from '@millrace/document-store';
import { describe, expect, test } from 'vitest';
import { newCollection, type Stage } from './stage.js';

const actors = Array.from({ length: 40 }, (_, i) => i);

export function exerciseRaces(stage: Stage): void {
  const someStore = (i: number) => (i % 2 ? stage.store : stage.rival);
  const winners = (changes: readonly Change[]): readonly Change[] => changes.filter(({ applied }) => applied);

  describe('of many that change a document at once', () => {
    test('exactly one makes it, and the others are told of that one', async () => {
      const name = { collection: newCollection(), key: 'a' };
      const changes = await Promise.all(actors.map((i) => someStore(i).put(name, `${i}`, { ifVersion: 0 })));
      const [winner] = winners(changes);
      expect(winners(changes)).toHaveLength(1);
      for (const { document } of changes) expect(document).toStrictEqual(winner?.document);
      expect(await stage.store.get(name)).toStrictEqual(winner?.document);
    });

    test('exactly one makes it again when it has expired', async () => {
      const name = { collection: newCollection(), key: 'a' };
      await stage.store.put(name, 'old', { expiresAt: stage.clock.now() + 1 });
      await stage.clock.advance(1);
      const changes = await Promise.all(actors.map((i) => someStore(i).put(name, `${i}`, { ifVersion: 0 })));
      expect(winners(changes)).toHaveLength(1);
      expect(await stage.store.get(name)).toMatchObject({ version: 1, value: winners(changes)[0]?.document?.value });
    });

    test('exactly one changes a version', async () => {
      const name = { collection: newCollection(), key: 'a' };
      await stage.store.put(name, 'old');
      const changes = await Promise.all(actors.map((i) => someStore(i).put(name, `${i}`, { ifVersion: 1 })));
      expect(winners(changes)).toHaveLength(1);
      expect(await stage.rival.get(name)).toMatchObject({ version: 2, value: winners(changes)[0]?.document?.value });
    });

    test('exactly one removes it', async () => {
      const name = { collection: newCollection(), key: 'a' };
      await stage.store.put(name, 'old');
      const removed = await Promise.all(actors.map((i) => someStore(i).remove(name, { ifVersion: 1 })));
      expect(removed.filter(Boolean)).toHaveLength(1);
    });

    test('none gets lost who reads, changes and tries again', async () => {
      const name = { collection: newCollection(), key: 'counter' };
      const countUp = async (i: number): Promise<void> => {
        const store = someStore(i);
        for (let before = await store.get(name); ; ) {
          const { applied, document } = await store.put(name, `${Number(before?.value ?? 0) + 1}`, { ifVersion: before?.version ?? 0 });
          if (applied) return;
          before = document;
        }
      };
      await Promise.all(actors.slice(0, 12).map(countUp));
      expect(await stage.store.get(name)).toMatchObject({ value: '12', version: 12 });
    });

    test('all count who put whatever is there', async () => {
      const name = { collection: newCollection(), key: 'a' };
      const changes = await Promise.all(actors.map((i) => someStore(i).put(name, `${i}`)));
      expect(changes.map(({ document }) => document?.version).sort((a, b) => a! - b!)).toEqual(actors.map((i) => i + 1));
      expect(await stage.store.get(name)).toStrictEqual(changes.find(({ document }) => document?.version === 40)?.document);
    });

    test('no more take than there is', async () => {
      const bucket = newCollection();
      const taken = await Promise.all(actors.map((i) => someStore(i).take(bucket, { perSecond: 1, burst: 7 })));
      expect(taken.filter(({ allowed }) => allowed)).toHaveLength(7);
      expect(taken.filter(({ allowed }) => allowed).map(({ remaining }) => remaining).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    });
  });
}
