import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { systemRandom } from '@millrace/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { S3BlobStore } from './s3-blob-store.js';

/** An answer of S3 as its API reference has it: a status and the code of the error. */
type Answer = readonly [status: number, codeOrBody?: string];
const ok: Answer = [200];
const started: Answer = [200, '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>'];
const completed: Answer = [200, '<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>'];

let server: Server;
let answers: Answer[];
let requests: string[];
let store: S3BlobStore;

beforeEach(async () => {
  answers = [];
  requests = [];
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      requests.push(nameOf(request));
      const [status, content] = answers.shift() ?? ok;
      response.writeHead(status, { 'content-type': 'application/xml', etag: '"e"' });
      response.end(content && status >= 400 ? `<Error><Code>${content}</Code><Message>of S3</Message></Error>` : content);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { region: 'eu-central-1', endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
  store = new S3BlobStore({ bucket: 'b', client, random: systemRandom });
});
afterEach(async () => {
  await store.close();
  server.closeAllConnections();
  server.close();
});

function nameOf({ method, url, headers }: IncomingMessage): string {
  const { pathname, searchParams } = new URL(url ?? '', 'http://b');
  searchParams.delete('x-id');
  return [method, pathname, [...searchParams.keys()].sort().join('&'), headers['if-none-match']].filter(Boolean).join(' ');
}

const large = (): Readable => Readable.from(Array.from({ length: 9 }, () => Buffer.alloc(1024 * 1024)));

test('a conflicting removal makes the put try again', async () => {
  answers = [[409, 'ConditionalRequestConflict'], [409, 'ConditionalRequestConflict'], ok];
  expect(await store.putIfAbsent('k', Buffer.from('x'))).toMatchObject({ created: true });
  answers = [[409, 'ConditionalRequestConflict'], [412, 'PreconditionFailed']];
  expect(await store.putIfAbsent('k', Buffer.from('x'))).toMatchObject({ created: false });
  answers = Array.from({ length: 10 }, () => [409, 'ConditionalRequestConflict'] as const);
  await expect(store.putIfAbsent('k', Buffer.from('x'))).rejects.toMatchObject({ code: 'MILLRACE_BLOB_UNAVAILABLE' });
  expect(new Set(requests)).toEqual(new Set(['PUT /b/k *']));
});

test('an upload in parts carries the condition when it is completed', async () => {
  answers = [started, ok, ok, completed];
  expect(await store.putIfAbsent('k', large())).toMatchObject({ created: true });
  expect(requests).toEqual(['POST /b/k uploads', 'PUT /b/k partNumber&uploadId', 'PUT /b/k partNumber&uploadId', 'POST /b/k uploadId *']);
});

test.each([
  ['taken', [412, 'PreconditionFailed'], ok],
  ['in conflict', [409, 'ConditionalRequestConflict'], ok],
  ['gone', [404, 'NoSuchUpload'], ok],
] as const)('an upload in parts that ends up %s has created nothing when the object is there', async (_, completion, head) => {
  answers = [started, ok, ok, completion, head];
  expect(await store.putIfAbsent('k', large())).toEqual({ created: false, bytes: 9 * 1024 * 1024 });
  expect(requests.at(-1)).toBe('DELETE /b/k uploadId');
});

test.each([
  ['in conflict', [409, 'ConditionalRequestConflict'], [404]],
  ['gone', [404, 'NoSuchUpload'], [404]],
] as const)('an upload in parts that ends up %s has failed when the object is not there', async (_, completion, head) => {
  answers = [started, ok, ok, completion, head];
  await expect(store.putIfAbsent('k', large())).rejects.toMatchObject({ code: 'MILLRACE_BLOB_UNAVAILABLE', retryable: true });
  expect(requests.at(-1)).toBe('DELETE /b/k uploadId');
});

test('a failed part aborts the upload, and the failure of the abort does not hide why', async () => {
  answers = [started, [403, 'AccessDenied'], [500, 'InternalError']];
  const source = large();
  await expect(store.putIfAbsent('k', source)).rejects.toThrow('the bucket b cannot be used: its store refuses these credentials (AccessDenied)');
  expect(source.destroyed).toBe(true);
  expect(requests.at(-1)).toBe('DELETE /b/k uploadId');
});

test('an answer of the store is passed on in words', async () => {
  answers = [[503, 'SlowDown']];
  await expect(store.put('k', Buffer.from('x'))).rejects.toThrow('the bucket b cannot be used: its store answers 503 SlowDown of S3');
});

test('a bucket that another process creates at the same moment is good', async () => {
  answers = [[404], [409, 'BucketAlreadyOwnedByYou'], ok, ok, [412, 'PreconditionFailed']];
  await store.prepare();
  expect(requests.slice(0, 3)).toEqual(['HEAD /b/', 'PUT /b/', 'HEAD /b/']);
});

test('a bucket of somebody else is not', async () => {
  answers = [[404], [409, 'BucketAlreadyExists']];
  await expect(store.prepare()).rejects.toMatchObject({ code: 'MILLRACE_BLOB_UNAVAILABLE' });
});

test('a store that ignores the condition is refused', async () => {
  await expect(store.prepare()).rejects.toThrow('the bucket b cannot be used: its store ignores If-None-Match');
  expect(requests.at(-1)).toMatch(/^DELETE \/b\/probe\/[0-9a-f]{24}$/);
});
