import { DescribeTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { systemRandom } from '@millrace/kernel';
import type { RunHead, StepSettlement } from '@millrace/run-store';
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
const headOf = (id: string, args: readonly unknown[] = [], more: Partial<RunHead> = {}): RunHead => ({
  id,
  tenant: 'acme',
  canvas: { kind: 'task', task: 'orders.dataset', args },
  raw: { key: `raw/${id}`, bytes: 1, sha256: 'ab'.repeat(32), contentType: 'text/csv' },
  createdAt: now,
  finaliseAt: now + 9_000,
  deadlineAt: now + 10_000,
  ...more,
});
const at = { step: '0', sweepAt: now + 100 };
const timing = { claimedAt: now, settledAt: now, handlerMs: 1 };
const done: StepSettlement = { status: 'succeeded', result: { inline: 1 }, timing };
const frozen = { frozenAt: now + 1 };

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
  const itemOf = async (id: string) => (await raw.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } } }))).Item;
  const all = Array.from({ length: 128 }, (_, member) => member);

  test('is billed per request and has a sparse index of what is due', async () => {
    const { Table } = await raw.send(new DescribeTableCommand({ TableName: table }));
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Table?.GlobalSecondaryIndexes).toMatchObject([
      { IndexName: 'due', Projection: { ProjectionType: 'KEYS_ONLY' } },
      { IndexName: 'tenants', Projection: { ProjectionType: 'KEYS_ONLY' } },
    ]);
  });

  test('takes one request for every transition that is made', async () => {
    await store.create(headOf('run_1'), now);
    await store.claim('run_1', at);
    await store.fail('run_1', at);
    await store.settle('run_1', at, done);
    await store.settle('run_1', { ...at, step: '1' }, done, { claim: '2' });
    await store.touch('run_1', now + 200);
    await store.sweep('run_1', { now: now + 200, sweepAt: now + 300 });
    await store.freeze('run_1', frozen, now + 400);
    await store.beginDelivery('run_1', { now, bodySha256: 'ab', leaseUntil: now + 500 });
    await store.endDelivery('run_1', { attempt: 1, entry: { at: now, ms: 3 }, status: 'delivered' });
    expect(calls).toEqual(['PutItem', ...Array.from({ length: 9 }, () => 'UpdateItem')]);
  });

  test.each<[string, (id: string) => Promise<unknown>]>([
    ['finish', (id) => store.finish(id, frozen)],
    ['cancel', (id) => store.cancel(id, frozen)],
    ['settle with finish', (id) => store.settle(id, at, done, { finish: frozen })],
  ])('takes one request to %s, and lets the run expire', async (way, end) => {
    const ids = [`${way} a`, `${way} b`] as const;
    await store.create(headOf(ids[0]), now);
    await store.create(headOf(ids[1], [], { retentionMs: 7_200_000 }), now);
    for (const id of ids) await store.claim(id, at);
    calls.splice(0);
    for (const id of ids) await end(id);
    expect(calls).toEqual(['UpdateItem', 'UpdateItem']);
    const [first, second] = await Promise.all(ids.map(itemOf));
    expect([first?.['ttl'], second?.['ttl']]).toEqual([{ N: String(now / 1000 + 3_600 + 1) }, { N: String(now / 1000 + 7_200 + 1) }]);
    expect(first).not.toHaveProperty('sh');
    expect(first).not.toHaveProperty('sw');
  });

  test('takes two requests for members, whichever they are', async () => {
    await store.create(headOf('wide_1'), now);
    calls.splice(0);
    await store.claimMembers('wide_1', { ...at, members: all });
    await store.changeMembers('wide_1', at, new Map(all.map((member) => [member, member % 2 ? done : 'failed-try'])));
    expect(calls.splice(0)).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem', 'UpdateItem']);
    await store.claimMembers('wide_1', { ...at, members: [] });
    expect(calls.splice(0)).toEqual(['UpdateItem', 'GetItem']);
    expect((await store.readMembers('wide_1', '0')).size).toBe(128);
    expect(calls).toEqual(['GetItem']);
  });

  test('keeps the members of a shard as long as a run that ends at its deadline', async () => {
    await store.create(headOf('wide_2'), now);
    await store.create(headOf('wide_3', [], { retentionMs: 7_200_000 }), now);
    await store.claimMembers('wide_2', { ...at, members: [0] });
    await store.changeMembers('wide_3', at, new Map([[0, done]]));
    expect((await itemOf('wide_2#0'))?.['ttl']).toEqual({ N: String(now / 1000 + 10 + 3_600) });
    expect((await itemOf('wide_3#0'))?.['ttl']).toEqual({ N: String(now / 1000 + 10 + 7_200) });
  });

  test('never takes a shard for a run', async () => {
    await store.create(headOf('wide_4'), 7);
    await store.claimMembers('wide_4', { step: '0', members: [0], sweepAt: 7 });
    const shard = 'wide_4#0';
    const there = await itemOf(shard);
    expect(there).toHaveProperty('c:0');
    expect(await store.read(shard)).toBeUndefined();
    expect(await store.claim(shard, at)).toBeUndefined();
    expect(await store.settle(shard, at, done, { claim: '1' })).toBeUndefined();
    expect(await store.claimMembers(shard, { ...at, members: [0] })).toBeUndefined();
    expect(await store.cancel(shard, frozen)).toBeUndefined();
    expect(await store.sweep(shard, { now: now + 9_999, sweepAt: now })).toBeUndefined();
    expect(await store.touch(shard, now)).toBeUndefined();
    expect(await itemOf(shard)).toEqual(there);
    expect((await store.due(8, 50)).filter((id) => id.startsWith('wide_4'))).toEqual(['wide_4']);
    await store.cancel('wide_4', frozen);
  });

  test('expires runs that are over, and has them in no index', async () => {
    await store.create(headOf('run_2'), now);
    await store.freeze('run_2', { frozenAt: now }, now);
    await store.beginDelivery('run_2', { now, bodySha256: 'ab', leaseUntil: now });
    expect(await itemOf('run_2')).not.toHaveProperty('ttl');
    await store.endDelivery('run_2', { attempt: 1, entry: { at: now + 1, ms: 3 }, status: 'exhausted' });
    const item = await itemOf('run_2');
    expect(item?.['ttl']).toEqual({ N: String(now / 1000 + 3_600 + 1) });
    expect(item).not.toHaveProperty('sh');
    expect(item).not.toHaveProperty('sw');
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
    const large: StepSettlement = { status: 'succeeded', result: { inline: text }, timing };
    await expect(store.settle('run_3', at, large)).rejects.toMatchObject(tooLarge);
    expect(await store.read('run_3')).toMatchObject({ rev: 2 });
    await expect(store.changeMembers('run_3', at, new Map([[0, large]]))).rejects.toMatchObject(tooLarge);
    expect(await store.readMembers('run_3', '0')).toEqual(new Map());
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
