import { describe, expect, test } from 'vitest';
import { newCollection, type Stage } from './stage.js';

export function exerciseExpiry(stage: Stage): void {
  const inAWhile = () => stage.clock.now() + 5_000;

  describe('a document that expires', () => {
    test('is there until then and told with its expiry, and not from then on', async () => {
      const name = { collection: newCollection(), key: 'a' };
      const document = { ...name, value: '1', version: 1, expiresAt: inAWhile() };
      expect(await stage.store.put(name, '1', { expiresAt: document.expiresAt })).toStrictEqual({ applied: true, document });
      await stage.clock.advance(4_999);
      expect(await stage.rival.get(name)).toStrictEqual(document);
      expect(await stage.all(name.collection)).toStrictEqual([document]);
      expect(await stage.rival.put(name, '2', { ifVersion: 0 })).toStrictEqual({ applied: false, document });
      await stage.clock.advance(1);
      expect(await stage.rival.get(name)).toBeUndefined();
      expect(await stage.all(name.collection)).toEqual([]);
      expect(await stage.rival.remove(name)).toBe(false);
    });

    test.each([undefined, 0])('is made again from version 1 when it is put if %j', async (ifVersion) => {
      const name = { collection: newCollection(), key: 'a' };
      for (const value of ['1', '2']) await stage.store.put(name, value, { expiresAt: inAWhile() });
      await stage.clock.advance(5_000);
      expect(await stage.rival.put(name, '2', { ifVersion: 2 })).toStrictEqual({ applied: false });
      const options = ifVersion === undefined ? {} : { ifVersion };
      expect(await stage.rival.put(name, '3', options)).toStrictEqual({ applied: true, document: { ...name, value: '3', version: 1 } });
      expect(await stage.store.get(name)).toStrictEqual({ ...name, value: '3', version: 1 });
      expect(await stage.all(name.collection)).toHaveLength(1);
    });

    test('lives on with a later expiry, and for good without one', async () => {
      const name = { collection: newCollection(), key: 'a' };
      await stage.store.put(name, '1', { expiresAt: inAWhile() });
      await stage.store.put(name, '2', { expiresAt: inAWhile() + 5_000 });
      await stage.clock.advance(5_000);
      expect(await stage.rival.get(name)).toMatchObject({ value: '2', version: 2 });
      await stage.rival.put(name, '3', { ifVersion: 2 });
      await stage.clock.advance(24 * 3_600_000);
      expect(await stage.store.get(name)).toStrictEqual({ ...name, value: '3', version: 3 });
      expect(await stage.all(name.collection)).toHaveLength(1);
    });

    test('does not hide those that follow, however many expire', async () => {
      const collection = newCollection();
      const expiresAt = inAWhile();
      await Promise.all(Array.from({ length: 120 }, (_, i) => stage.store.put({ collection, key: `a${i}` }, '1', { expiresAt })));
      await stage.store.put({ collection, key: 'b' }, '1');
      await stage.clock.advance(5_000);
      expect((await stage.store.list(collection, { limit: 3 })).map(({ key }) => key)).toEqual(['b']);
      expect((await stage.rival.list(collection, { limit: 3 })).map(({ key }) => key)).toEqual(['b']);
    });
  });
}
