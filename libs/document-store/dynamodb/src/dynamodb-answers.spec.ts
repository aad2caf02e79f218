import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { ManualClock } from '@millrace/kernel';
import { afterEach, expect, test } from 'vitest';
import { DynamodbDocumentStore } from './dynamodb-document-store.js';

// What AWS answers and the emulator does not: the item that did not meet a condition comes with the refusal.

const clock = new ManualClock();
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

/** A store that is refused with each of these items in turn, and then has its way with the last. */
async function storeThatIsRefused(...items: ReadonlyArray<Record<string, unknown> | undefined>): Promise<{ store: DynamodbDocumentStore; operations: string[] }> {
  const operations: string[] = [];
  const server = createServer(async (request, response) => {
    await textOf(request);
    const Item = items[operations.length];
    const isRefusal = operations.length < items.length;
    operations.push(String(request.headers['x-amz-target']).split('.')[1] ?? '');
    response.writeHead(isRefusal ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    const refusal = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', ...(Item && { Item }) };
    response.end(JSON.stringify(isRefusal ? refusal : { Attributes: items.at(-1) }));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { region: 'eu-central-1', endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
  return { store: new DynamodbDocumentStore({ table: 'documents', client, clock }), operations };
}

const name = { collection: 'workers', key: 'a' };
const itemOf = (value: string, version: number, x?: number) => ({
  pk: { S: 'workers' }, sk: { S: 'a' }, v: { S: value }, n: { N: String(version) }, ...(x !== undefined && { x: { N: String(x) } }),
});

test('a put that is refused tells of the document without asking for it', async () => {
  const { store, operations } = await storeThatIsRefused(itemOf('theirs', 4));
  expect(await store.put(name, 'ours', { ifVersion: 0 })).toEqual({ applied: false, document: { ...name, value: 'theirs', version: 4 } });
  expect(operations).toEqual(['UpdateItem']);
  await store.close();
});

test('a put over what has expired takes two requests', async () => {
  const { store, operations } = await storeThatIsRefused(itemOf('old', 9, clock.now() - 1));
  expect(await store.put(name, 'new')).toMatchObject({ applied: true });
  expect(operations).toEqual(['UpdateItem', 'UpdateItem']);
  await store.close();
});

test('a bucket that others have taken from takes two requests, one that is empty for this cost one', async () => {
  const ahead = { t: { N: String(clock.now() * 1_000 + 100_000) } };
  const limit = { perSecond: 10, burst: 2 };
  const refused = await storeThatIsRefused(ahead);
  expect(await refused.store.take('bucket', limit, 2)).toMatchObject({ allowed: false, remaining: 1, retryAfterMs: 100 });
  expect(refused.operations).toEqual(['UpdateItem']);
  expect(await refused.store.take('bucket', limit)).toMatchObject({ allowed: true });
  await refused.store.close();
  const late = await storeThatIsRefused(ahead);
  expect(await late.store.take('bucket', limit)).toMatchObject({ allowed: true });
  expect(late.operations).toEqual(['UpdateItem', 'UpdateItem']);
  await late.store.close();
});
