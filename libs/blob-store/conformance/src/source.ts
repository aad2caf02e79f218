import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { BlobStoreSetup } from './setup.js';
import { listed, pattern, plain, Stage, streamOf, text } from './stage.js';

/** Sources that end badly. `sizes` are bytes before the end: within the first chunk, and past what adapters buffer. */
const sizes = [10, 300_000, 9 * 1024 * 1024];

function breaking(bytes: number, end: (source: Readable) => void): Readable {
  let left = bytes;
  return new Readable({
    read(wanted) {
      if (left === 0) return end(this);
      const chunk = Math.min(left, wanted);
      left -= chunk;
      this.push(Buffer.alloc(chunk, 1));
    },
  });
}

function endlessZeros(): Readable {
  return new Readable({
    read(wanted) {
      this.push(Buffer.alloc(wanted));
    },
  });
}

export function exerciseSources(setup: BlobStoreSetup): void {
  describe('a source', () => {
    const stage = new Stage(setup);

    async function expectNothing(prefix: string): Promise<void> {
      expect(await stage.store.stat(`${prefix}object`)).toBeUndefined();
      expect(await listed(stage.store, prefix)).toEqual([]);
    }

    test.each(sizes)('that fails after %i bytes leaves nothing, and its error comes through', async (size) => {
      const prefix = stage.prefix();
      const source = breaking(size, (stream) => stream.destroy(new Error('the sender broke off')));
      await expect(stage.store.putIfAbsent(`${prefix}object`, source)).rejects.toThrow('the sender broke off');
      await expectNothing(prefix);
      expect(await stage.store.putIfAbsent(`${prefix}object`, text('again'))).toMatchObject({ created: true });
    });

    test.each(sizes)('that closes without an end after %i bytes leaves nothing', async (size) => {
      const prefix = stage.prefix();
      const source = breaking(size, (stream) => stream.destroy());
      await expect(stage.store.putIfAbsent(`${prefix}object`, source)).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
      await expectNothing(prefix);
    });

    test('that is longer than maxBytes leaves nothing and is read no further', async () => {
      const prefix = stage.prefix();
      const tooLarge = { code: 'MILLRACE_BLOB_TOO_LARGE', retryable: false };
      await expect(stage.store.putIfAbsent(`${prefix}object`, pattern(101), { maxBytes: 100 })).rejects.toMatchObject(tooLarge);
      await expect(stage.store.putIfAbsent(`${prefix}object`, streamOf(pattern(101), 7), { maxBytes: 100 })).rejects.toMatchObject(tooLarge);
      const source = endlessZeros();
      await expect(stage.store.putIfAbsent(`${prefix}object`, source, { maxBytes: 9 * 1024 * 1024 })).rejects.toMatchObject(tooLarge);
      expect(source.destroyed).toBe(true);
      await expectNothing(prefix);
    });

    test('of just maxBytes is stored', async () => {
      for (const source of [pattern(100), streamOf(pattern(100), 7)]) {
        const key = stage.key();
        expect(await stage.store.putIfAbsent(key, source, { maxBytes: 100 })).toEqual({ created: true, bytes: 100 });
        expect(plain(await stage.store.get(key))).toEqual(pattern(100));
      }
    });
  });
}
