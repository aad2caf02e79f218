import { describe, expect, test } from 'vitest';
import type { BlobStoreSetup } from './setup.js';
import { plain, Stage, text } from './stage.js';

export function exercisePut(setup: BlobStoreSetup): void {
  describe('put', () => {
    const stage = new Stage(setup);

    test('stores an object that putIfAbsent then leaves alone', async () => {
      const key = stage.key();
      await stage.store.put(key, text('first'));
      expect(await stage.other.putIfAbsent(key, text('second'))).toMatchObject({ created: false });
      expect(plain(await stage.other.get(key))).toEqual(text('first'));
    });

    test('takes the place of what is there', async () => {
      const key = stage.key();
      await stage.store.putIfAbsent(key, text('a longer first version'));
      await stage.store.put(key, text('second'));
      expect(plain(await stage.other.get(key))).toEqual(text('second'));
      await stage.store.put(key, new Uint8Array());
      expect(await stage.store.stat(key)).toEqual({ bytes: 0 });
    });

    test('shows readers the old or the new, never a mixture', async () => {
      const key = stage.key();
      const [old, young] = [Buffer.alloc(200_000, 'o'), Buffer.alloc(150_000, 'y')];
      await stage.store.put(key, old);
      const writing = Promise.all(Array.from({ length: 10 }, (_, i) => stage.store.put(key, i % 2 ? old : young)));
      for (let i = 0; i < 20; i++) {
        const read = Buffer.from(await stage.other.get(key));
        expect(read.equals(old) || read.equals(young)).toBe(true);
      }
      await writing;
    });
  });
}
