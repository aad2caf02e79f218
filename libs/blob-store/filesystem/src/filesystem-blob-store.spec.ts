import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { exerciseBlobStore } from '@millrace/blob-store-conformance';
import { systemRandom } from '@millrace/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FilesystemBlobStore } from './filesystem-blob-store.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-blobs-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function prepared(root: string): Promise<FilesystemBlobStore> {
  const store = new FilesystemBlobStore({ root, random: systemRandom });
  await store.prepare();
  return store;
}

exerciseBlobStore('filesystem', {
  create: () => prepared(join(folder, 'shared/root')),
  createUnreachable: async () => {
    await writeFile(join(folder, 'file'), '');
    return new FilesystemBlobStore({ root: join(folder, 'file/root'), random: systemRandom });
  },
  page: 0,
});

describe('a folder of objects', () => {
  let root: string;
  let store: FilesystemBlobStore;
  beforeEach(async () => {
    root = await mkdtemp(join(folder, 'own-'));
    store = await prepared(root);
  });
  const files = async (): Promise<string[]> =>
    (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);

  test('has no other files in it, whatever became of the puts', async () => {
    await store.putIfAbsent('a/won', Buffer.from('object'));
    await store.putIfAbsent('a/won', Buffer.from('too late'));
    await store.put('a/put', Buffer.from('object'));
    await expect(store.putIfAbsent('a/failed', Readable.from(['x', 'y', 'z'].map(Buffer.from)), { maxBytes: 2 })).rejects.toThrow('2 bytes');
    await expect(store.put('a/won/below', Buffer.from('object'))).rejects.toThrow('in its way');
    expect((await files()).sort()).toEqual(['put', 'won']);
  });

  test('keeps no empty folders', async () => {
    await store.put('a/b/c/d', Buffer.from('object'));
    await store.put('a/e', Buffer.from('object'));
    await store.remove('a/b/c/d');
    expect(await readdir(join(root, 'a'))).toEqual(['e']);
    await store.remove('a/e');
    expect((await readdir(root)).filter((name) => name === 'a')).toEqual([]);
    await store.put('a/b/c/d', Buffer.from('again'));
    expect(await store.stat('a/b/c/d')).toEqual({ bytes: 5 });
  });

  test('refuses a key below another, and one whose segment is too long for a file name', async () => {
    const badKey = { code: 'MILLRACE_BLOB_KEY' };
    await store.put('a/object', Buffer.from('object'));
    await expect(store.put('a/object/below', Buffer.from('x'))).rejects.toMatchObject(badKey);
    await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject(badKey);
    await expect(store.putIfAbsent('a', Buffer.from('x'))).rejects.toMatchObject(badKey);
    await expect(store.put('a'.repeat(300), Buffer.from('x'))).rejects.toMatchObject(badKey);
    expect(await store.stat('a'.repeat(300))).toBeUndefined();
  });

  test('is told from one that is gone', async () => {
    await rm(root, { recursive: true });
    const message = `the folder ${root} cannot be used: it does not exist, or was not prepared`;
    await expect(store.get('a/b')).rejects.toMatchObject({ code: 'MILLRACE_BLOB_UNAVAILABLE', message });
    await expect(store.put('a/b', Buffer.from('x'))).rejects.toMatchObject({ code: 'MILLRACE_BLOB_UNAVAILABLE', message });
  });

  test('loses temporary files older than a day when it is prepared', async () => {
    const temps = join(root, '.tmp~');
    const day = 86_400;
    const now = Math.floor(Date.now() / 1000);
    for (const [name, time] of [['old', now - day - 60], ['young', now - day + 3600]] as const) {
      await writeFile(join(temps, name), 'left by a crash');
      await utimes(join(temps, name), time, time);
    }
    await store.prepare();
    expect(await readdir(temps)).toEqual(['young']);
    for await (const key of store.list('')) expect.fail(`listed ${key}`);
  });
});
