import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { BlobStoreSetup } from './setup.js';
import { listed, pattern, plain, Stage, streamOf, text } from './stage.js';

export function exercisePutIfAbsent(setup: BlobStoreSetup): void {
  describe('putIfAbsent', () => {
    const stage = new Stage(setup);

    test('stores bytes that another store then reads', async () => {
      const key = stage.key();
      expect(await stage.store.putIfAbsent(key, text('žluťoučký 🐎'))).toEqual({ created: true, bytes: 18 });
      expect(plain(await stage.other.get(key))).toEqual(text('žluťoučký 🐎'));
      expect(await stage.other.stat(key)).toEqual({ bytes: 18 });
    });

    test('stores bytes that are not text', async () => {
      const key = stage.key();
      await stage.store.putIfAbsent(key, Uint8Array.of(0xff, 0xfe, 0x00, 0x0d, 0x0a, 0x80));
      expect(plain(await stage.store.get(key))).toEqual(Uint8Array.of(0xff, 0xfe, 0x00, 0x0d, 0x0a, 0x80));
    });

    test('stores a view of a larger buffer', async () => {
      const key = stage.key();
      expect(await stage.store.putIfAbsent(key, text('before object after').subarray(7, 13))).toEqual({ created: true, bytes: 6 });
      expect(plain(await stage.store.get(key))).toEqual(text('object'));
    });

    test('stores an empty object, from bytes and from a stream', async () => {
      for (const source of [new Uint8Array(), streamOf(new Uint8Array())]) {
        const key = stage.key();
        expect(await stage.store.putIfAbsent(key, source)).toEqual({ created: true, bytes: 0 });
        expect(await stage.store.stat(key)).toEqual({ bytes: 0 });
        expect(plain(await stage.store.get(key))).toEqual(new Uint8Array());
        expect(await stage.store.putIfAbsent(key, text('later'))).toMatchObject({ created: false });
      }
    });

    test('stores a stream of 5 MiB', async () => {
      const key = stage.key();
      const bytes = pattern(5 * 1024 * 1024);
      expect(await stage.store.putIfAbsent(key, streamOf(bytes))).toEqual({ created: true, bytes: bytes.length });
      expect(Buffer.compare(await stage.store.get(key), bytes)).toBe(0);
    });

    test('stores a stream of tiny chunks', async () => {
      const key = stage.key();
      expect(await stage.store.putIfAbsent(key, streamOf(pattern(500), 1))).toEqual({ created: true, bytes: 500 });
      expect(plain(await stage.store.get(key))).toEqual(pattern(500));
    });

    test('changes nothing when the key is taken, and says how long the source was', async () => {
      const key = stage.key();
      await stage.store.putIfAbsent(key, text('first'));
      expect(await stage.store.putIfAbsent(key, text('second try'))).toEqual({ created: false, bytes: 10 });
      const source = streamOf(pattern(100_000));
      expect(await stage.other.putIfAbsent(key, source)).toEqual({ created: false, bytes: 100_000 });
      expect(source.destroyed).toBe(true);
      expect(plain(await stage.store.get(key))).toEqual(text('first'));
      expect(await stage.store.stat(key)).toEqual({ bytes: 5 });
    });

    test('lets one of 20 racing puts win, whatever their lengths', async () => {
      const prefix = stage.prefix();
      const contents = Array.from({ length: 20 }, (_, i) => text(`writer ${i} `.repeat(1 + i * 50)));
      await expectOneWinner(stage, `${prefix}raced`, contents, (bytes, i) => (i % 3 ? bytes : streamOf(bytes)));
      expect(await listed(stage.store, prefix)).toEqual([`${prefix}raced`]);
    });

    test('lets one of 20 puts win whose sources end at the same moment', async () => {
      const prefix = stage.prefix();
      const contents = Array.from({ length: 20 }, (_, i) => text(`writer ${i}`));
      for (let round = 0; round < 10; round++) {
        const together = new Barrier(contents.length);
        await expectOneWinner(stage, `${prefix}${round}`, contents, (bytes) => together.streamOf(bytes));
      }
      expect(await listed(stage.store, prefix)).toHaveLength(10);
    });

    test('stores different keys at the same time', async () => {
      const prefix = stage.prefix();
      const keys = Array.from({ length: 20 }, (_, i) => `${prefix}${i % 4}/${i}`);
      const results = await Promise.all(keys.map((key) => stage.store.putIfAbsent(key, text(key))));
      expect(results.every(({ created }) => created)).toBe(true);
      expect(await listed(stage.other, prefix)).toEqual(keys.toSorted());
    });
  });
}

type Source = (bytes: Uint8Array, writer: number) => Uint8Array | Readable;

async function expectOneWinner(stage: Stage, key: string, contents: readonly Uint8Array[], source: Source): Promise<void> {
  const results = await Promise.all(contents.map((bytes, i) => (i % 2 ? stage.store : stage.other).putIfAbsent(key, source(bytes, i))));
  expect(results.filter(({ created }) => created)).toHaveLength(1);
  expect(plain(await stage.store.get(key))).toEqual(contents[results.findIndex(({ created }) => created)]);
}

/** Streams that all end when the last of them has been read. */
class Barrier {
  readonly #open = Promise.withResolvers<void>();

  constructor(private left: number) {}

  streamOf(bytes: Uint8Array): Readable {
    return Readable.from(this.#chunks(bytes));
  }

  async *#chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield bytes;
    if (--this.left === 0) this.#open.resolve();
    await this.#open.promise;
  }
}
