import { describe, expect, test } from 'vitest';
import type { BlobStoreSetup } from './setup.js';
import { listed, Stage, text } from './stage.js';

export function exerciseListing(setup: BlobStoreSetup): void {
  describe('list', () => {
    const stage = new Stage(setup);

    test('gives the keys that begin with the prefix, which may end within a segment', async () => {
      const prefix = stage.prefix();
      const names = ['a', 'ab', 'abc/d', 'abc/e/f', 'b/ab', 'b.c', 'A_b-c.1'];
      const keys = (...wanted: string[]): string[] => wanted.map((name) => prefix + name).sort();
      for (const name of names) await stage.store.put(prefix + name, text(name));
      expect(await listed(stage.other, prefix)).toEqual(keys(...names));
      expect(await listed(stage.other, prefix.slice(0, -1))).toEqual(keys(...names));
      expect(await listed(stage.store, `${prefix}ab`)).toEqual(keys('ab', 'abc/d', 'abc/e/f'));
      expect(await listed(stage.store, `${prefix}abc/`)).toEqual(keys('abc/d', 'abc/e/f'));
      expect(await listed(stage.store, `${prefix}abc/e/f`)).toEqual(keys('abc/e/f'));
      expect(await listed(stage.store, `${prefix}none`)).toEqual([]);
      expect(await listed(stage.store, `${prefix}none/at/all`)).toEqual([]);
      expect(await listed(stage.store, `${prefix}a/below`)).toEqual([]);
      expect(await listed(stage.store, '')).toEqual(expect.arrayContaining(keys(...names)));
    });

    test('gives every key once, over several pages', async () => {
      const prefix = stage.prefix();
      const keys = Array.from({ length: setup.page + 200 }, (_, i) => `${prefix}${i % 7}/${String(i).padStart(6, '0')}`);
      const left = keys.values();
      const writer = async (): Promise<void> => {
        for (const key of left) await stage.store.put(key, new Uint8Array());
      };
      await Promise.all(Array.from({ length: 32 }, writer));
      expect(await listed(stage.other, prefix)).toEqual(keys.toSorted());
    });

    test('may be left early', async () => {
      const prefix = stage.prefix();
      for (const name of ['a', 'b/c', 'd']) await stage.store.put(prefix + name, text(name));
      for await (const key of stage.store.list(prefix)) {
        expect(key.startsWith(prefix)).toBe(true);
        break;
      }
      expect(await listed(stage.store, prefix)).toHaveLength(3);
    });
  });
}
