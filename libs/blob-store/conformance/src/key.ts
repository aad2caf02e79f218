import type { BlobStore } from '@millrace/blob-store';
import { MillraceError } from '@millrace/kernel';
import { describe, expect, test } from 'vitest';
import type { BlobStoreSetup } from './setup.js';
import { listed, plain, Stage, streamOf, text } from './stage.js';

const refused = [
  '/a', 'a//b', '//', '/', '.', '..', '../a', 'a/..', 'a/../b', './a', 'a/./b', 'a/...', 'a\\b', '..\\a', 'a\0b', 'a\n', 'a b', 'é',
  'a:b', 'a*', 'a?b', 'a#b', 'a%2fb', '~', 'a'.repeat(600), 'a/'.repeat(299) + 'a',
];

const taken = ['.hidden', 'a.b..c', '...a', 'A_b-c.1', '-', '_', `${'a'.repeat(200)}/${'b'.repeat(200)}`];

const methods: ReadonlyArray<[string, (store: BlobStore, key: string) => Promise<unknown>]> = [
  ['putIfAbsent', (store, key) => store.putIfAbsent(key, text('object'))],
  ['putIfAbsent of a stream', (store, key) => store.putIfAbsent(key, streamOf(text('object')))],
  ['put', (store, key) => store.put(key, text('object'))],
  ['get', (store, key) => store.get(key)],
  ['get of the first bytes', (store, key) => store.get(key, { bytes: 1 })],
  ['stat', (store, key) => store.stat(key)],
  ['remove', (store, key) => store.remove(key)],
];

/** Those of the keys that are not refused as they should be. */
async function accepted(keys: readonly string[], call: (key: string) => Promise<unknown>): Promise<string[]> {
  const refusals = await Promise.allSettled(keys.map(call));
  return keys.filter((_, i) => !MillraceError.is((refusals[i] as PromiseRejectedResult).reason, 'MILLRACE_BLOB_KEY'));
}

export function exerciseKeys(setup: BlobStoreSetup): void {
  describe('a key', () => {
    const stage = new Stage(setup);

    test.each(methods)('that is bad is refused by %s', async (_, call) => {
      expect(await accepted([...refused, '', 'a/'], (key) => call(stage.store, key))).toEqual([]);
    });

    test('that is bad is refused as a prefix', async () => {
      expect(await accepted([...refused, '../', 'a//', 'a/../'], (prefix) => listed(stage.store, prefix))).toEqual([]);
    });

    test.each(taken)('may be %s', async (name) => {
      const key = stage.prefix() + name;
      expect(await stage.store.putIfAbsent(key, text(name))).toMatchObject({ created: true });
      expect(plain(await stage.other.get(key))).toEqual(text(name));
      expect(await listed(stage.other, key)).toEqual([key]);
      await stage.store.remove(key);
    });
  });

  describe('a store that cannot be reached', () => {
    test.each([
      ...methods,
      ['list', (store: BlobStore) => listed(store, 'a/')] as const,
      ['prepare', (store: BlobStore) => store.prepare()] as const,
      ['ping', (store: BlobStore) => store.ping()] as const,
    ])('makes %s say so', async (_, call) => {
      const store = await setup.createUnreachable();
      await expect(call(store, 'a/b')).rejects.toMatchObject({ code: 'MILLRACE_BLOB_UNAVAILABLE', retryable: true });
      await store.close();
    });
  });

  describe('prepare, ping and close', () => {
    test('may be called again, and at the same time', async () => {
      const store = await setup.create();
      await Promise.all([store.prepare(), store.prepare(), store.ping()]);
      await store.ping();
      expect(await listed(store, 'none/')).toEqual([]);
      await store.close();
      await store.close();
    });
  });
}
