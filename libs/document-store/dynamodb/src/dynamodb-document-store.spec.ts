import { DescribeTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { exerciseDocumentStore } from '@millrace/document-store-conformance';
import { ManualClock, systemRandom } from '@millrace/kernel';
import '@millrace/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { DynamodbDocumentStore } from './dynamodb-document-store.js';

const account = { region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const client = { ...account, endpoint: inject('dynamodbEndpoint') };
const nowhere = { ...account, endpoint: 'http://127.0.0.1:1' };
const newTable = (): string => `documents-${Buffer.from(systemRandom.bytes(6)).toString('hex')}`;

const shared = newTable();
exerciseDocumentStore('dynamodb', {
  create: (clock) => new DynamodbDocumentStore({ table: shared, client, clock }),
  createUnreachable: (clock) => new DynamodbDocumentStore({ table: shared, client: nowhere, clock }),
});

describe('a table', () => {
  const table = newTable();
  const raw = new DynamoDBClient(client);
  const clock = new ManualClock();
  const calls: string[] = [];
  const open = () => new DynamodbDocumentStore({ table, client, clock, onCall: (operation) => calls.push(operation) });
  const store = open();
  const name = { collection: 'workers', key: 'a' };
  const limit = { perSecond: 10, burst: 2 };

  beforeAll(() => store.prepare());
  beforeEach(() => void calls.splice(0));
  afterAll(async () => {
    await store.close();
    raw.destroy();
  });

  const itemOf = async (pk: string, sk: string) => (await raw.send(new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } } }))).Item;

  test('is billed per request', async () => {
    const { Table } = await raw.send(new DescribeTableCommand({ TableName: table }));
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
  });

  test('takes one request for what is applied, two to make again what has expired', async () => {
    await store.put(name, '1', { ifVersion: 0 });
    await store.put(name, '2');
    await store.put(name, '3', { ifVersion: 2, expiresAt: clock.now() + 1_000 });
    expect(calls.splice(0)).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
    await clock.advance(1_000);
    expect(await store.put(name, '4')).toMatchObject({ applied: true, document: { version: 1 } });
    expect(calls.splice(0)).toEqual(['UpdateItem', 'GetItem', 'UpdateItem']); // this emulator does not send along what was there
    await store.list('workers', { limit: 10 });
    await store.remove(name);
    expect(calls.splice(0)).toEqual(['Query', 'DeleteItem']);
  });

  test('takes one request to take when the bucket is as this process saw it last', async () => {
    for (const allowed of [true, true]) expect(await store.take('a', limit)).toMatchObject({ allowed });
    expect(calls.splice(0)).toEqual(['UpdateItem', 'UpdateItem']);
    await clock.advance(1_000);
    expect(await store.take('a', limit)).toMatchObject({ allowed: true, remaining: 1 });
    expect(calls.splice(0)).toEqual(['UpdateItem']);
    const other = open();
    expect(await other.take('a', limit)).toMatchObject({ allowed: true, remaining: 0 });
    expect(calls.splice(0)).toEqual(['UpdateItem', 'GetItem', 'UpdateItem']);
    expect(await store.take('a', limit, 0)).toMatchObject({ remaining: 0 });
    expect(calls.splice(0)).toEqual(['GetItem']);
    await other.close();
  });

  test('is told to forget documents a minute after they expired, and buckets a minute after they are full', async () => {
    await store.put(name, '1', { expiresAt: clock.now() + 1_500 });
    expect((await itemOf('workers', 'a'))?.['ttl']).toEqual({ N: String(Math.ceil((clock.now() + 61_500) / 1_000)) });
    await store.put(name, '2');
    expect(await itemOf('workers', 'a')).not.toHaveProperty('ttl');
    await store.take('b', limit);
    expect((await itemOf('bucket b', '-'))?.['ttl']).toEqual({ N: String(Math.ceil((clock.now() + 60_200) / 1_000)) });
  });
});

test('a store that nobody uses makes no client', async () => {
  const store = new DynamodbDocumentStore({ table: 'nowhere', client: nowhere });
  await expect(store.close()).resolves.toBeUndefined();
});

test('a table that does not exist is named', async () => {
  const store = new DynamodbDocumentStore({ table: 'nowhere', client });
  const unavailable = { code: 'MILLRACE_DOCUMENT_STORE_UNAVAILABLE', message: 'the table nowhere cannot be used: it does not exist' };
  await expect(store.get({ collection: 'a', key: 'b' })).rejects.toMatchObject(unavailable);
  await store.close();
});

test('several processes can prepare a table at once', async () => {
  const table = newTable();
  const stores = Array.from({ length: 4 }, () => new DynamodbDocumentStore({ table, client }));
  await Promise.all(stores.map((store) => store.prepare()));
  await Promise.all(stores.map((store) => store.ping()));
  expect(await stores[0]?.put({ collection: 'a', key: 'b' }, '1')).toMatchObject({ applied: true });
  await Promise.all(stores.map((store) => store.close()));
});
