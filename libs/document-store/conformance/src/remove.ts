import { describe, expect, test } from 'vitest';
import { newCollection, type Stage } from './stage.js';

export function exerciseRemove(stage: Stage): void {
  describe('remove', () => {
    test('tells whether there was a document', async () => {
      const name = { collection: newCollection(), key: 'a' };
      expect(await stage.store.remove(name)).toBe(false);
      await stage.store.put(name, '1');
      expect(await stage.rival.remove(name)).toBe(true);
      expect(await stage.store.get(name)).toBeUndefined();
      expect(await stage.all(name.collection)).toEqual([]);
      expect(await stage.rival.remove(name)).toBe(false);
    });

    test('leaves a document of another version', async () => {
      const name = { collection: newCollection(), key: 'a' };
      await stage.store.put(name, '1');
      await stage.store.put(name, '2');
      expect(await stage.rival.remove(name, { ifVersion: 1 })).toBe(false);
      expect(await stage.rival.remove(name, { ifVersion: 0 })).toBe(false);
      expect(await stage.store.get(name)).toMatchObject({ value: '2', version: 2 });
      expect(await stage.rival.remove(name, { ifVersion: 2 })).toBe(true);
      expect(await stage.store.get(name)).toBeUndefined();
    });

    test('lets the document be made again, from version 1 and without the expiry it had', async () => {
      const name = { collection: newCollection(), key: 'a' };
      await stage.store.put(name, '1', { expiresAt: stage.clock.now() + 1_000 });
      await stage.store.put(name, '2', { expiresAt: stage.clock.now() + 1_000 });
      await stage.store.remove(name);
      expect(await stage.store.put(name, '3', { ifVersion: 0 })).toStrictEqual({ applied: true, document: { ...name, value: '3', version: 1 } });
      await stage.clock.advance(2_000);
      expect(await stage.rival.get(name)).toStrictEqual({ ...name, value: '3', version: 1 });
      expect(await stage.all(name.collection)).toHaveLength(1);
    });
  });
}
