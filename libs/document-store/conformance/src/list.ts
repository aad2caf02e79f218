import { describe, expect, test } from 'vitest';
import { newCollection, type Stage } from './stage.js';

/** In the order of their bytes. */
const keys = ['!', '0', '10', '2', 'A', 'B', '_', 'a', 'a-', 'a-1', 'a-2', 'a.', 'aa', 'b', '~'];

export function exerciseList(stage: Stage): void {
  const filled = async (): Promise<string> => {
    const collection = newCollection();
    await Promise.all(keys.toReversed().map((key) => stage.store.put({ collection, key }, `"${key}"`)));
    return collection;
  };
  const keysOf = (documents: ReadonlyArray<{ readonly key: string }>): string[] => documents.map(({ key }) => key);

  describe('list', () => {
    test('gives whole documents in the order of the keys’ bytes', async () => {
      const collection = await filled();
      expect(await stage.all(collection)).toStrictEqual(keys.map((key) => ({ collection, key, value: `"${key}"`, version: 1 })));
      expect(await stage.store.list(newCollection(), { limit: 10 })).toEqual([]);
    });

    test.each([1, 2, 7, 1_000])('in pages of %i comes to the same', async (limit) => {
      const collection = await filled();
      expect(keysOf(await stage.all(collection, { limit }))).toEqual(keys);
      expect((await stage.store.list(collection, { limit })).length).toBeLessThanOrEqual(limit);
    });

    test.each(['a', 'a-', 'aa', '~', '1', 'z', 'a-3'])('gives only keys that begin with %j', async (prefix) => {
      const collection = await filled();
      const expected = keys.filter((key) => key.startsWith(prefix));
      for (const limit of [1, 2, 1_000]) expect(keysOf(await stage.all(collection, { prefix, limit }))).toEqual(expected);
    });

    test.each(['', '0', '1', 'a', 'a-1', 'zz', '~', '~~'])('goes on after %j, whether there is such a key or not', async (after) => {
      const collection = await filled();
      for (const prefix of ['', 'a']) {
        const expected = keys.filter((key) => key > after && key.startsWith(prefix));
        expect(keysOf(await stage.store.list(collection, { prefix, after, limit: 1_000 }))).toEqual(expected);
      }
    });

    test('shows what was put and removed since', async () => {
      const collection = await filled();
      await stage.rival.remove({ collection, key: 'a' });
      await stage.rival.put({ collection, key: 'a0' }, '1');
      await stage.rival.put({ collection, key: '~' }, '2');
      expect(keysOf(await stage.all(collection))).toEqual([...keys.filter((key) => key !== 'a'), 'a0'].sort());
      expect((await stage.all(collection)).at(-1)).toMatchObject({ value: '2', version: 2 });
    });

    test('comes to all of documents that are large', async () => {
      const collection = newCollection();
      const value = 'x'.repeat(250_000);
      const names = Array.from({ length: 9 }, (_, i) => `${i}`);
      for (const key of names) await stage.store.put({ collection, key }, value);
      expect(keysOf(await stage.all(collection))).toEqual(names);
    });

    test.each([0, -1, 1.5, 1_001, Number.NaN])('takes no limit of %d', async (limit) => {
      await expect(stage.store.list(newCollection(), { limit })).rejects.toThrow(RangeError);
    });
  });
}
