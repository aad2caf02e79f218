import { describe, expect, test } from 'vitest';
import { newCollection, type Stage } from './stage.js';

const kilobytes256 = 256 * 1024;

export function exercisePut(stage: Stage): void {
  describe('put and get', () => {
    test('give a document a version that grows with every change', async () => {
      const name = { collection: newCollection(), key: 'a' };
      expect(await stage.store.get(name)).toBeUndefined();
      const first = { ...name, value: '{"n":1}', version: 1 };
      expect(await stage.store.put(name, first.value)).toStrictEqual({ applied: true, document: first });
      expect(await stage.rival.get(name)).toStrictEqual(first);
      const second = { ...name, value: '{"n":2}', version: 2 };
      expect(await stage.rival.put(name, second.value)).toStrictEqual({ applied: true, document: second });
      expect(await stage.store.get(name)).toStrictEqual(second);
    });

    test('apply on the right version alone and tell what stands otherwise', async () => {
      const name = { collection: newCollection(), key: 'a' };
      expect(await stage.store.put(name, '1', { ifVersion: 1 })).toStrictEqual({ applied: false });
      expect(await stage.store.put(name, '1', { ifVersion: 0 })).toMatchObject({ applied: true });
      const standing = { ...name, value: '1', version: 1 };
      for (const ifVersion of [0, 2]) expect(await stage.rival.put(name, '2', { ifVersion })).toStrictEqual({ applied: false, document: standing });
      expect(await stage.rival.put(name, '2', { ifVersion: 1 })).toStrictEqual({ applied: true, document: { ...name, value: '2', version: 2 } });
      expect(await stage.store.get(name)).toStrictEqual({ ...name, value: '2', version: 2 });
    });

    test('keep documents of other keys and collections apart', async () => {
      const names = ['a', 'ab', 'A', 'a:b', 'b'].flatMap((key) => [newCollection(), `${newCollection()}:x`].map((collection) => ({ collection, key })));
      for (const [i, name] of names.entries()) await stage.store.put(name, `${i}`);
      for (const [i, name] of names.entries()) expect(await stage.rival.get(name)).toStrictEqual({ ...name, value: `${i}`, version: 1 });
    });

    test('do not join a collection and a key into one name', async () => {
      const collection = newCollection();
      await stage.store.put({ collection, key: 'x:y' }, '1');
      await stage.store.put({ collection: `${collection}:x`, key: 'y' }, '2');
      expect(await stage.rival.get({ collection, key: 'x:y' })).toMatchObject({ value: '1' });
      expect(await stage.rival.get({ collection: `${collection}:x`, key: 'y' })).toMatchObject({ value: '2' });
      expect((await stage.all(collection)).map(({ key }) => key)).toEqual(['x:y']);
    });

    test.each(['', 'null', '{"text":"žluťoučký 🐎 \\u0000"}', ' spaces\r\n'])('keep the value %j as it is', async (value) => {
      const name = { collection: newCollection(), key: 'a' };
      await stage.store.put(name, value);
      expect(await stage.rival.get(name)).toStrictEqual({ ...name, value, version: 1 });
    });

    test('take 256 KB, counted as UTF-8, and no byte more', async () => {
      const name = { collection: newCollection(), key: 'a' };
      const tooLarge = { code: 'MILLRACE_DOCUMENT_TOO_LARGE', retryable: false };
      await expect(stage.store.put(name, 'x'.repeat(kilobytes256 + 1))).rejects.toMatchObject(tooLarge);
      await expect(stage.store.put(name, `${'é'.repeat(kilobytes256 / 2)}x`)).rejects.toMatchObject(tooLarge);
      expect(await stage.rival.get(name)).toBeUndefined();
      const largest = 'é'.repeat(kilobytes256 / 2);
      await stage.store.put(name, largest);
      expect((await stage.rival.get(name))?.value).toBe(largest);
    });
  });
}
