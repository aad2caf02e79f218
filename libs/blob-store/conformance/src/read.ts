import { describe, expect, test } from 'vitest';
import type { BlobStoreSetup } from './setup.js';
import { pattern, plain, Stage, text } from './stage.js';

export function exerciseReading(setup: BlobStoreSetup): void {
  describe('get', () => {
    const stage = new Stage(setup);

    test('reads the first bytes', async () => {
      const key = stage.key();
      const bytes = pattern(200_000);
      await stage.store.put(key, bytes);
      for (const wanted of [1, 4096, 199_999, 200_000, 200_001, 10_000_000]) {
        expect(plain(await stage.store.get(key, { bytes: wanted }))).toEqual(bytes.slice(0, wanted));
      }
      expect(plain(await stage.store.get(key, { bytes: 0 }))).toEqual(new Uint8Array());
    });

    test('reads the first bytes of an empty object', async () => {
      const key = stage.key();
      await stage.store.put(key, new Uint8Array());
      expect(plain(await stage.store.get(key, { bytes: 10 }))).toEqual(new Uint8Array());
    });

    test('refuses a key without an object, also below an object and above one', async () => {
      const notFound = { code: 'MILLRACE_BLOB_NOT_FOUND', retryable: false };
      const key = stage.key();
      await expect(stage.store.get(key)).rejects.toMatchObject(notFound);
      await expect(stage.store.get(key, { bytes: 10 })).rejects.toMatchObject(notFound);
      await expect(stage.store.get(key, { bytes: 0 })).rejects.toMatchObject(notFound);
      await stage.store.put(key, text('object'));
      await expect(stage.store.get(`${key}/below`)).rejects.toMatchObject(notFound);
      await expect(stage.store.get(key.slice(0, key.lastIndexOf('/')))).rejects.toMatchObject(notFound);
    });
  });

  describe('stat', () => {
    const stage = new Stage(setup);

    test('is undefined without an object, also below an object and above one', async () => {
      const key = stage.key();
      expect(await stage.store.stat(key)).toBeUndefined();
      await stage.store.put(key, text('object'));
      expect(await stage.store.stat(key)).toEqual({ bytes: 6 });
      expect(await stage.store.stat(`${key}/below`)).toBeUndefined();
      expect(await stage.store.stat(key.slice(0, key.lastIndexOf('/')))).toBeUndefined();
    });
  });

  describe('remove', () => {
    const stage = new Stage(setup);

    test('removes the object, and again without complaint', async () => {
      const key = stage.key();
      await stage.store.put(key, text('object'));
      await stage.store.remove(key);
      await stage.store.remove(key);
      expect(await stage.other.stat(key)).toBeUndefined();
      await expect(stage.other.get(key)).rejects.toMatchObject({ code: 'MILLRACE_BLOB_NOT_FOUND' });
      await stage.store.remove(stage.key());
    });

    test('frees the key', async () => {
      const key = stage.key();
      for (const round of ['first', 'second', 'third']) {
        expect(await stage.store.putIfAbsent(key, text(round))).toMatchObject({ created: true });
        expect(plain(await stage.other.get(key))).toEqual(text(round));
        await stage.other.remove(key);
      }
    });

    test('leaves its neighbours alone', async () => {
      const prefix = stage.prefix();
      await stage.store.put(`${prefix}a/b`, text('stays'));
      await stage.store.put(`${prefix}a/c/d`, text('goes'));
      await stage.store.remove(`${prefix}a/c/d`);
      await stage.store.remove(`${prefix}a`);
      expect(plain(await stage.other.get(`${prefix}a/b`))).toEqual(text('stays'));
    });

    test('may meet puts in the same folder', async () => {
      const prefix = stage.prefix();
      const keys = Array.from({ length: 40 }, (_, i) => `${prefix}deep/er/${i}`);
      await Promise.all(
        keys.map(async (key, i) => {
          await (i % 2 ? stage.store : stage.other).putIfAbsent(key, text(key));
          if (i % 4) await stage.other.remove(key);
        }),
      );
      for (const [i, key] of keys.entries()) expect(await stage.store.stat(key)).toEqual(i % 4 ? undefined : { bytes: key.length });
    });
  });
}
