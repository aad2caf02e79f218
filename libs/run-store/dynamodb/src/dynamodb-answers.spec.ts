import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ManualClock } from '@millrace/kernel';
import { firstFields, type StepSettlement, type WatchScope } from '@millrace/run-store';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { toAttributes } from './attributes.js';
import { DynamodbRunStore } from './dynamodb-run-store.js';

// What AWS answers and the emulator does not.

interface Answer {
  readonly status?: number;
  readonly body: Record<string, unknown>;
  /** Answered no sooner than this. */
  readonly after?: Promise<void>;
}

type Answers = Readonly<Record<string, readonly Answer[]>>;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

const clock = new ManualClock();
const requests: Array<{ operation: string; body: Record<string, unknown> }> = [];

/** A store of which each operation is answered in turn, the last answer over and over. */
async function storeThatIsTold(answers: Answers): Promise<DynamodbRunStore> {
  requests.length = 0;
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const before = requests.filter((known) => known.operation === operation).length;
    requests.push({ operation, body: JSON.parse(await text(request)) });
    const answer = answers[operation]?.[before] ?? answers[operation]?.at(-1) ?? { status: 500, body: { __type: 'Unexpected' } };
    await answer.after;
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer.body));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new DynamodbRunStore({ table: 'runs', client: { region: 'eu-central-1', endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }, clock });
}

const operations = (): string[] => requests.map(({ operation }) => operation);
const error = (type: string, more: Record<string, unknown> = {}): Answer => ({ status: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, ...more } });

const head = {
  id: 'run_1',
  tenant: 'acme',
  canvas: { kind: 'task' as const, task: 'orders.dataset', args: [] },
  raw: { key: 'raw/run_1', bytes: 1, sha256: 'ab'.repeat(32), contentType: 'text/csv' },
  createdAt: 1,
  finaliseAt: 2,
  deadlineAt: 3,
};
const item = toAttributes({ ...firstFields(head, 7), id: 'run_1', sh: '0' });
const record = { ...head, status: 'received', rev: 1, epoch: 0, sweepAt: 7, steps: {} };

describe('a refusal', () => {
  test('that brings the item takes no second request', async () => {
    const refusal = error('ConditionalCheckFailedException', { Item: item, message: 'The conditional request failed' });
    const store = await storeThatIsTold({ UpdateItem: [refusal], PutItem: [refusal] });
    expect(await store.claim('run_1', { step: '0', sweepAt: 9 })).toEqual({ applied: false, run: record });
    expect(await store.create(head, 9)).toEqual({ applied: false, run: record });
    expect(operations()).toEqual(['UpdateItem', 'PutItem']);
    expect(requests.map(({ body }) => body['ReturnValuesOnConditionCheckFailure'])).toEqual(['ALL_OLD', 'ALL_OLD']);
  });

  test('that brings none is followed by one consistent read', async () => {
    const store = await storeThatIsTold({ UpdateItem: [error('ConditionalCheckFailedException')], GetItem: [{ body: { Item: item } }, { body: {} }] });
    expect(await store.claim('run_1', { step: '0', sweepAt: 9 })).toEqual({ applied: false, run: record });
    expect(await store.claim('run_2', { step: '0', sweepAt: 9 })).toBeUndefined();
    expect(operations()).toEqual(['UpdateItem', 'GetItem', 'UpdateItem', 'GetItem']);
    expect(requests[1]?.body['ConsistentRead']).toBe(true);
  });
});

const done: StepSettlement = { status: 'succeeded', result: { inline: 1 }, timing: { claimedAt: 1, settledAt: 2, handlerMs: 1 } };

describe('a settlement with a claim', () => {
  const running = { ...item, st: { S: 'running' } };
  const withNext = { ...running, 'o:1': { S: JSON.stringify(done) } };
  const refusal = (there: typeof item): Answer => error('ConditionalCheckFailedException', { Item: there });
  const settle = (store: DynamodbRunStore) => store.settle('run_1', { step: '0', sweepAt: 9 }, done, { claim: '1' });

  test('of a step that is settled takes a second request, without the claim', async () => {
    const store = await storeThatIsTold({ UpdateItem: [refusal(withNext), { body: { Attributes: { ...withNext, 'o:0': { S: JSON.stringify(done) } } } }] });
    expect(await settle(store)).toMatchObject({ applied: true, run: { steps: { '0': { settlement: done }, '1': { claims: 0 } } } });
    expect(operations()).toEqual(['UpdateItem', 'UpdateItem']);
    expect(requests[0]?.body['UpdateExpression']).toContain('#claims');
    expect(requests[1]?.body['UpdateExpression']).not.toContain('#claims');
  });

  test('that was refused before the run was seen to be running stays refused', async () => {
    const store = await storeThatIsTold({ UpdateItem: [error('ConditionalCheckFailedException')], GetItem: [{ body: { Item: running } }] });
    expect(await settle(store)).toMatchObject({ applied: false, run: { status: 'running', steps: {} } });
    expect(operations()).toEqual(['UpdateItem', 'GetItem']);
  });
});

describe('members', () => {
  const refusal = (there?: Record<string, string | number>): Answer => error('ConditionalCheckFailedException', there ? { Item: toAttributes(there) } : {});
  const updated = (fields: Record<string, string | number>): Answer => ({ body: { Attributes: toAttributes(fields) } });
  const open = updated({ st: 'running', sw: 9, ex: 99 });
  const settledBefore = { 'c:1': 3, 'o:1': JSON.stringify(done) };
  const at = { step: '0', sweepAt: 9 };

  test('that were settled before cost one request more', async () => {
    const store = await storeThatIsTold({ UpdateItem: [open, refusal(settledBefore), updated({ ...settledBefore, 'c:0': 1 })] });
    expect(await store.claimMembers('run_1', { ...at, members: [0, 1] })).toEqual({
      status: 'running',
      applied: true,
      members: new Map([[0, { claims: 1, failures: 0 }], [1, { claims: 3, failures: 0, settlement: done }]]),
      settled: 1,
    });
    expect(operations()).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
    expect(requests.map(({ body }) => body['Key'])).toEqual([{ id: { S: 'run_1' } }, { id: { S: 'run_1#0' } }, { id: { S: 'run_1#0' } }]);
    expect(requests[2]?.body).toMatchObject({ ConditionExpression: 'attribute_not_exists(#o0)', UpdateExpression: 'SET #ttl = :ttl ADD #c0 :1' });
  });

  test('that were all settled before cost none', async () => {
    const store = await storeThatIsTold({ UpdateItem: [open, refusal(settledBefore)] });
    expect(await store.changeMembers('run_1', at, new Map([[1, done]]))).toMatchObject({ applied: true, settled: 1 });
    expect(operations()).toEqual(['UpdateItem', 'UpdateItem']);
  });

  test('of a run that is over are read', async () => {
    const store = await storeThatIsTold({ UpdateItem: [refusal({ st: 'finished' })], GetItem: [{ body: { Item: toAttributes(settledBefore) } }] });
    expect(await store.claimMembers('run_1', { ...at, members: [1] })).toMatchObject({ status: 'finished', applied: false, settled: 1 });
    expect(operations()).toEqual(['UpdateItem', 'GetItem']);
    expect(requests[1]?.body['ConsistentRead']).toBe(true);
  });
});

describe('touch', () => {
  test('hears the status in the reply, made or refused', async () => {
    const store = await storeThatIsTold({ UpdateItem: [{ body: { Attributes: toAttributes({ st: 'running', sw: 9 }) } }, error('ConditionalCheckFailedException', { Item: item })] });
    expect(await store.touch('run_1', 9)).toBe('running');
    expect(await store.touch('run_1', 3)).toBe('received');
    expect(operations()).toEqual(['UpdateItem', 'UpdateItem']);
    expect(requests[0]?.body['ReturnValues']).toBe('UPDATED_NEW');
  });
});

describe('a watch', () => {
  const glance = (rv: number, st = 'running'): Answer => ({ body: { Item: toAttributes({ rv, st }) } });
  /** A watch, and after how many requests it told of something: the first is made when it begins. */
  const begin = async (store: DynamodbRunStore, scope?: WatchScope): Promise<{ told: number[]; stop: () => Promise<void> }> => {
    const told: number[] = [];
    return { told, stop: await store.watch('run_1', () => void told.push(requests.length), scope) };
  };
  const letPass = (until: () => void): Promise<void> =>
    vi.waitFor(async () => {
      await clock.advance(250);
      until();
    });

  test('asks for two attributes at a time and tells when the rev has grown', async () => {
    const store = await storeThatIsTold({ GetItem: [glance(3), glance(3), glance(5), glance(4), glance(6)] });
    const { told, stop } = await begin(store);
    expect(requests).toEqual([{ operation: 'GetItem', body: { TableName: 'runs', Key: { id: { S: 'run_1' } }, ProjectionExpression: 'rv, st' } }]);
    await letPass(() => expect(requests.length).toBeGreaterThan(7));
    expect(told).toEqual([3, 5]);
    await stop();
  });

  test('asks four times a second, and no more once it is stopped', async () => {
    const store = await storeThatIsTold({ GetItem: [glance(3)] });
    const { stop } = await begin(store);
    await clock.advance(249);
    expect(requests).toHaveLength(1);
    await clock.advance(1);
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    await stop();
    await clock.advance(1_000);
    expect(requests).toHaveLength(2);
  });

  test('tells of the end and asks no more', async () => {
    const store = await storeThatIsTold({ GetItem: [glance(3), glance(4, 'finished')] });
    const { told, stop } = await begin(store);
    await letPass(() => expect(told).toEqual([2]));
    await clock.advance(1_000);
    expect(requests).toHaveLength(2);
    await stop();
  });

  test('for the end tells when the run has come to it, and asks no more', async () => {
    const store = await storeThatIsTold({ GetItem: [glance(1, 'received'), glance(2), glance(3), error('AccessDeniedException'), glance(4), glance(5, 'finalizing')] });
    const { told, stop } = await begin(store, 'end');
    await letPass(() => expect(told).toHaveLength(2));
    expect(told).toEqual([4, 6]);
    await clock.advance(1_000);
    expect(requests).toHaveLength(6);
    await stop();
  });

  test('for the end of a run that is delivered already asks but once', async () => {
    const store = await storeThatIsTold({ GetItem: [glance(4, 'delivering')] });
    const { told, stop } = await begin(store, 'end');
    await clock.advance(1_000);
    expect(requests).toHaveLength(1);
    expect(told).toEqual([]);
    await stop();
  });

  test('of a run that is over asks but once', async () => {
    const store = await storeThatIsTold({ GetItem: [glance(4, 'cancelled')] });
    const { stop } = await begin(store);
    await clock.advance(1_000);
    expect(requests).toHaveLength(1);
    await stop();
  });

  test('that cannot look calls, so that the reader meets the failure, and goes on', async () => {
    const store = await storeThatIsTold({ GetItem: [glance(3), error('AccessDeniedException'), glance(3), glance(4)] });
    const { told, stop } = await begin(store);
    await letPass(() => expect(told).toHaveLength(2));
    expect(told).toEqual([2, 4]);
    await stop();
  });

  test('that is stopped while it asks tells nothing, and another goes on', async () => {
    const { promise: stopped, resolve } = Promise.withResolvers<void>();
    const late = { ...glance(4), after: stopped };
    const store = await storeThatIsTold({ GetItem: [glance(3), glance(3), late, late, glance(4)] });
    const [first, second] = [await begin(store), await begin(store)];
    await clock.advance(250);
    await vi.waitFor(() => expect(requests).toHaveLength(4));
    await first.stop();
    resolve();
    await letPass(() => expect(requests).toHaveLength(5));
    expect(first.told).toEqual([]);
    expect(second.told).toEqual([4]);
    await second.stop();
  });

  test('ends with the store', async () => {
    const store = await storeThatIsTold({ GetItem: [glance(3), glance(4)] });
    const { told, stop } = await begin(store);
    await store.close();
    await clock.advance(1_000);
    expect(requests).toHaveLength(1);
    expect(told).toEqual([]);
    await stop();
  });
});

describe('a request that fails', () => {
  test('in the service is tried again', async () => {
    const store = await storeThatIsTold({ GetItem: [{ status: 500, body: { __type: 'InternalServerError' } }, { body: { Item: item } }] });
    expect(await store.read('run_1')).toEqual(record);
    expect(operations()).toEqual(['GetItem', 'GetItem']);
  });

  test('for want of rights is not, and says so', async () => {
    const store = await storeThatIsTold({ GetItem: [error('AccessDeniedException', { message: 'not authorized' })] });
    await expect(store.read('run_1')).rejects.toMatchObject({ code: 'MILLRACE_RUN_STORE_UNAVAILABLE', message: expect.stringContaining('AccessDeniedException not authorized') });
    expect(operations()).toEqual(['GetItem']);
  });
});

describe('prepare', () => {
  const active: Answer = { body: { Table: { TableStatus: 'ACTIVE' } } };
  const expiry = (status: string): Answer => ({ body: { TimeToLiveDescription: { TimeToLiveStatus: status } } });

  test('creates nothing that is there', async () => {
    const store = await storeThatIsTold({ DescribeTable: [active], DescribeTimeToLive: [expiry('ENABLED')] });
    await store.prepare();
    expect(operations()).toEqual(['DescribeTable', 'DescribeTimeToLive']);
  });

  test('waits until a new table is active and lets its items expire', async () => {
    const store = await storeThatIsTold({
      DescribeTable: [error('ResourceNotFoundException'), { body: { Table: { TableStatus: 'CREATING' } } }, active],
      CreateTable: [{ body: {} }],
      DescribeTimeToLive: [expiry('DISABLED')],
      UpdateTimeToLive: [{ body: {} }],
    });
    await store.prepare();
    expect(operations()).toEqual(['DescribeTable', 'CreateTable', 'DescribeTable', 'DescribeTable', 'DescribeTimeToLive', 'UpdateTimeToLive']);
    expect(requests.at(-1)?.body).toEqual({ TableName: 'runs', TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } });
  });

  test('does not mind another process that does the same', async () => {
    const store = await storeThatIsTold({
      DescribeTable: [error('ResourceNotFoundException'), active],
      CreateTable: [error('ResourceInUseException')],
      DescribeTimeToLive: [expiry('DISABLED'), expiry('ENABLING')],
      UpdateTimeToLive: [error('ValidationException', { message: 'TimeToLive is active on a different AttributeName' })],
    });
    await expect(store.prepare()).resolves.toBeUndefined();
  });

  test('rejects when expiry cannot be turned on', async () => {
    const store = await storeThatIsTold({
      DescribeTable: [active],
      DescribeTimeToLive: [expiry('DISABLED')],
      UpdateTimeToLive: [error('AccessDeniedException', { message: 'not authorized' })],
    });
    await expect(store.prepare()).rejects.toMatchObject({ code: 'MILLRACE_RUN_STORE_UNAVAILABLE' });
  });
});
