import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { firstFields } from '@millrace/run-store';
import { afterEach, describe, expect, test } from 'vitest';
import { toAttributes } from './attributes.js';
import { DynamodbRunStore } from './dynamodb-run-store.js';

// What AWS answers and the emulator does not.

interface Answer {
  readonly status?: number;
  readonly body: Record<string, unknown>;
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

const requests: Array<{ operation: string; body: Record<string, unknown> }> = [];

/** A store of which each operation is answered in turn, the last answer over and over. */
async function storeThatIsTold(answers: Answers): Promise<DynamodbRunStore> {
  requests.length = 0;
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const before = requests.filter((known) => known.operation === operation).length;
    requests.push({ operation, body: JSON.parse(await text(request)) });
    const answer = answers[operation]?.[before] ?? answers[operation]?.at(-1) ?? { status: 500, body: { __type: 'Unexpected' } };
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer.body));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new DynamodbRunStore({ table: 'runs', client: { region: 'eu-central-1', endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } } });
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
