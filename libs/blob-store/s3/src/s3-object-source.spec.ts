import { buffer } from 'node:stream/consumers';
import { systemRandom } from '@millrace/kernel';
import '@millrace/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { S3BlobStore } from './s3-blob-store.js';
import { S3ObjectSource } from './s3-object-source.js';

const client = { region: 'eu-central-1', endpoint: inject('s3Endpoint'), credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const bucket = `object-source-${Buffer.from(systemRandom.bytes(6)).toString('hex')}`;

describe('an S3 object source', () => {
  const calls: string[] = [];
  const source = new S3ObjectSource(client, (operation) => calls.push(operation));
  const store = new S3BlobStore({ bucket, client, random: systemRandom });

  beforeAll(async () => {
    await store.prepare();
    await store.put('in/week.csv', Buffer.from('a,b\n1,2\n'));
  });
  afterAll(() => Promise.all([source.close(), store.close()]));

  it('opens an object as a stream, with its length, by one request', async () => {
    const { bytes, body } = await source.open({ bucket, key: 'in/week.csv' });
    expect([bytes, (await buffer(body)).toString(), calls]).toEqual([8, 'a,b\n1,2\n', ['GetObject']]);
  });

  it.each([
    ['an object that is not there', { bucket, key: 'in/other.csv' }],
    ['a bucket that is not there', { bucket: `${bucket}-not`, key: 'in/week.csv' }],
  ])('says so of %s', async (_, object) => {
    await expect(source.open(object)).rejects.toMatchObject({ code: 'MILLRACE_SOURCE_UNREADABLE', retryable: false, message: expect.stringContaining(object.key) });
  });

  it('says when nobody answers', async () => {
    const nobody = new S3ObjectSource({ ...client, endpoint: 'http://127.0.0.1:9', maxAttempts: 1 });
    await expect(nobody.open({ bucket, key: 'a' })).rejects.toMatchObject({ code: 'MILLRACE_BLOB_UNAVAILABLE', retryable: true });
    await nobody.close();
  });
});
