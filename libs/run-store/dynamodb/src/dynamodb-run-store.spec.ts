import { DescribeTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { systemRandom } from '@millrace/kernel';
import type { RunHead } from '@millrace/run-store';
import { exerciseRunStore } from '@millrace/run-store-conformance';
import '@millrace/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { DynamodbRunStore } from './dynamodb-run-store.js';

const account = { region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const client = { ...account, endpoint: inject('dynamodbEndpoint') };
const newTable = (): string => `run-store-${Buffer.from(systemRandom.bytes(6)).toString('hex')}`;

const shared = newTable();
exerciseRunStore('dynamodb', {
  create: () => new DynamodbRunStore({ table: shared, client }),
  createUnreachable: () => new DynamodbRunStore({ table: shared, client: { ...account, endpoint: 'http://127.0.0.1:1' } }),
});

const now = Date.UTC(2026, 0, 1);
const headOf = (id: string, args: readonly unknown[] = []): RunHead => ({
  id,
  tenant: 'acme',
  canvas: { kind: 'task', task: 'orders.dataset', args },
  raw: { key: `raw/${id}`, bytes: 1, sha256: 'ab'.repeat(32), contentType: 'text/csv' },
  createdAt: now,
  finaliseAt: now + 9_000,
  deadlineAt: now + 10_000,
});
const at = { step: '0', sweepAt: now + 100 };
const timing = { claimedAt: now, settledAt: now, handlerMs: 1 };

describe('a table', () => {
  const table = newTable();
  const raw = new DynamoDBClient(client);
  const calls: string[] = [];
  const store = new DynamodbRunStore({ table, client, shards: 3, retentionMs: 3_600_000, onCall: (operation) => calls.push(operation) });

  beforeAll(() => store.prepare());
  beforeEach(() => void calls.splice(0));
  afterAll(async () => {
    await store.close();
    raw.destroy();
  });

  test('is billed per request and has a sparse index of what is due', async () => {
    const { Table } = await raw.send(new DescribeTableCommand({ TableName: table }));
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Table?.GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'due', Projection: { ProjectionType: 'KEYS_ONLY' } }]);
  });

  test('takes one request for every transition that is made', async () => {
    await store.create(headOf('run_1'), now);
    await store.claim('run_1', at);
    await store.fail('run_1', at);
    await store.settle('run_1', at, { status: 'succeeded', result: { inline: 1 }, timing });
    await store.touch('run_1', now + 200);
    await store.sweep('run_1', { now: now + 200, sweepAt: now + 300 });
    await store.freeze('run_1', { frozenAt: now }, now + 400);
    await store.beginDelivery('run_1', { now, bodySha256: 'ab', leaseUntil: now + 500 });
    await store.endDelivery('run_1', { attempt: 1, entry: { at: now, ms: 3 }, status: 'delivered' });
    expect(calls).toEqual(['PutItem', ...Array.from({ length: 8 }, () => 'UpdateItem')]);
  });

  test('expires runs that are over, and has them in no index', async () => {
    await store.create(headOf('run_2'), now);
    await store.freeze('run_2', { frozenAt: now }, now);
    await store.beginDelivery('run_2', { now, bodySha256: 'ab', leaseUntil: now });
    const before = await raw.send(new GetItemCommand({ TableName: table, Key: { id: { S: 'run_2' } } }));
    expect(before.Item).not.toHaveProperty('ttl');
    await store.endDelivery('run_2', { attempt: 1, entry: { at: now + 1, ms: 3 }, status: 'exhausted' });
    const { Item } = await raw.send(new GetItemCommand({ TableName: table, Key: { id: { S: 'run_2' } } }));
    expect(Item?.['ttl']).toEqual({ N: String(now / 1000 + 3_600 + 1) });
    expect(Item).not.toHaveProperty('sh');
    expect(Item).not.toHaveProperty('sw');
  });

  test('lists what is due in one request for each shard', async () => {
    const ids = Array.from({ length: 12 }, (_, i) => `due_${i}`);
    for (const [i, id] of ids.entries()) await store.create(headOf(id), i + 1);
    calls.splice(0);
    expect(await store.due(100, 50)).toEqual(ids);
    expect(calls).toEqual(['Query', 'Query', 'Query']);
    expect(await store.due(100, 5)).toEqual(ids.slice(0, 5));
    expect(await store.due(3, 50)).toEqual(ids.slice(0, 3));
  });

  test('refuses a record that is too large', async () => {
    const text = 'x'.repeat(450_000);
    const tooLarge = { code: 'MILLRACE_RUN_TOO_LARGE', retryable: false };
    await expect(store.create(headOf('large', [text]), now)).rejects.toMatchObject(tooLarge);
    await store.create(headOf('run_3'), now);
    await store.claim('run_3', at);
    await expect(store.settle('run_3', at, { status: 'succeeded', result: { inline: text }, timing })).rejects.toMatchObject(tooLarge);
    expect(await store.read('run_3')).toMatchObject({ rev: 2 });
  });
});

test('a table can be prepared by many at once', async () => {
  const table = newTable();
  const stores = Array.from({ length: 5 }, () => new DynamodbRunStore({ table, client }));
  await Promise.all(stores.map((store) => store.prepare()));
  await Promise.all(stores.map((store) => store.ping()));
  expect((await stores[0]!.create(headOf('run_1'), now)).applied).toBe(true);
  await Promise.all(stores.map((store) => store.close()));
});

test('a table that does not exist is named', async () => {
  const store = new DynamodbRunStore({ table: 'nowhere', client });
  const unavailable = { code: 'MILLRACE_RUN_STORE_UNAVAILABLE', message: 'the table nowhere cannot be used: it does not exist' };
  await expect(store.ping()).rejects.toMatchObject(unavailable);
  await expect(store.create(headOf('run_1'), now)).rejects.toMatchObject(unavailable);
  await expect(store.claim('run_1', at)).rejects.toMatchObject(unavailable);
  await store.close();
});
