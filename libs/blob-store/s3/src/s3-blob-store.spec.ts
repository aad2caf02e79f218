import { Readable } from 'node:stream';
import { exerciseBlobStore } from '@millrace/blob-store-conformance';
import { seededRandom, systemRandom } from '@millrace/kernel';
import '@millrace/testkit';
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { S3BlobStore } from './s3-blob-store.js';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const client = { region: 'eu-central-1', endpoint: inject('s3Endpoint'), credentials };
const bucketName = (name: string): string => `blob-store-${name}-${Buffer.from(systemRandom.bytes(6)).toString('hex')}`;

const shared = bucketName('conformance');
exerciseBlobStore('s3', {
  create: async () => {
    const store = new S3BlobStore({ bucket: shared, client, random: systemRandom });
    await store.prepare();
    return store;
  },
  createUnreachable: async () => new S3BlobStore({ bucket: shared, client: { ...client, endpoint: 'http://127.0.0.1:9' }, random: systemRandom }),
  page: 1000,
});

const megabytes = (count: number, byte = 1): Readable => Readable.from(Array.from({ length: count * 4 }, () => Buffer.alloc(256 * 1024, byte)));

describe('an S3 blob store', () => {
  const bucket = bucketName('calls');
  const calls: string[] = [];
  let store: S3BlobStore;

  beforeAll(async () => {
    await Promise.all(
      [1, 2, 3].map(async (seed) => {
        const preparing = new S3BlobStore({ bucket, client, random: seededRandom(seed) });
        await preparing.prepare();
        await preparing.close();
      }),
    );
  });
  beforeEach(() => {
    calls.length = 0;
    store = new S3BlobStore({ bucket, client, random: systemRandom, onCall: (operation) => calls.push(operation) });
  });
  afterEach(() => store.close());

  test('puts a small object in one request, whether it comes as bytes or as a stream', async () => {
    await store.putIfAbsent('one/bytes', Buffer.from('object'));
    await store.putIfAbsent('one/stream', megabytes(1));
    await store.putIfAbsent('one/part', megabytes(8));
    expect(calls).toEqual(['PutObject', 'PutObject', 'PutObject']);
  });

  test('puts a large one in parts', async () => {
    expect(await store.putIfAbsent('parts/object', megabytes(20))).toEqual({ created: true, bytes: 20 * 1024 * 1024 });
    expect(calls).toEqual(['CreateMultipartUpload', 'UploadPart', 'UploadPart', 'UploadPart', 'CompleteMultipartUpload']);
    expect(await store.stat('parts/object')).toEqual({ bytes: 20 * 1024 * 1024 });
    const content = await store.get('parts/object');
    expect(content.every((byte) => byte === 1)).toBe(true);
  });

  test('lets one of several racing uploads in parts win, and aborts the others', async () => {
    const results = await Promise.all([1, 2, 3, 4].map((byte) => store.putIfAbsent('parts/raced', megabytes(9, byte))));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    const winner = 1 + results.findIndex(({ created }) => created);
    expect((await store.get('parts/raced')).every((byte) => byte === winner)).toBe(true);
    expect(calls.filter((operation) => operation === 'AbortMultipartUpload')).toHaveLength(3);
    expect(await store.putIfAbsent('parts/raced', Buffer.from('small'))).toMatchObject({ created: false });
  });

  test('aborts an upload whose source fails', async () => {
    const source = Readable.from(
      (function* () {
        for (let i = 0; i < 40; i++) yield Buffer.alloc(256 * 1024);
        throw new Error('the sender broke off');
      })(),
    );
    await expect(store.putIfAbsent('parts/broken', source)).rejects.toThrow('the sender broke off');
    expect(calls).toEqual(['CreateMultipartUpload', 'UploadPart', 'AbortMultipartUpload']);
  });

  test('reads the first bytes of an object without the rest', async () => {
    await store.put('head/object', Buffer.from('object'));
    expect(Buffer.from(await store.get('head/object', { bytes: 3 })).toString()).toBe('obj');
    expect(calls).toEqual(['PutObject', 'GetObject']);
  });

  test('says which bucket is missing', async () => {
    const other = new S3BlobStore({ bucket: 'not-there', client, random: systemRandom });
    const missing = { code: 'MILLRACE_BLOB_UNAVAILABLE', message: 'the bucket not-there cannot be used: it does not exist' };
    await expect(other.get('a/b')).rejects.toMatchObject(missing);
    await expect(other.put('a/b', Buffer.from('x'))).rejects.toMatchObject(missing);
    await other.close();
  });
});
