import type { Message } from '@aws-sdk/client-sqs';
import { ManualClock } from '@millrace/kernel';
import { beforeEach, expect, test, vi } from 'vitest';
import { SqsBroker } from './sqs-broker.js';
import { FakeSqs } from './testing/fake-sqs.js';

const queue = { name: 'q', leaseMs: 30_000, maxDeliveries: 5 };
const reason = { DataType: 'String', StringValue: 'cannot be read' };
const clock = new ManualClock();

let sqs: FakeSqs;
let broker: SqsBroker;
beforeEach(async () => {
  sqs = new FakeSqs();
  broker = new SqsBroker({ prefix: 'p-', client: sqs, clock });
  await broker.prepare([queue]);
});

const letter = (id: string, more: Partial<Message> = {}): Message => ({
  MessageId: id,
  Body: `body of ${id}`,
  ReceiptHandle: `handle of ${id}`,
  Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(clock.now() - 1_000), MessageGroupId: 'acme' },
  MessageAttributes: { reason, deliveries: { DataType: 'Number', StringValue: '3' }, trace: { DataType: 'String', StringValue: 't1' } },
  ...more,
});

/** Answers the next receive. */
async function answer(...messages: readonly Message[]): Promise<void> {
  const at = answered++;
  await vi.waitUntil(() => sqs.receives.length > at);
  sqs.receives[at]?.answer(messages);
}
let answered = 0;
beforeEach(() => void (answered = 0));

test('a redriven message goes back with all it had before its copy is deleted', async () => {
  const order: string[] = [];
  sqs.onSend = async () => (order.push('sent'), { Successful: [], Failed: [] });
  vi.spyOn(sqs, 'deleteMessageBatch').mockImplementation(async () => (order.push('deleted'), { Successful: [], Failed: [] }));
  const redriven = broker.deadLetters.redrive('q', 'two');
  await answer(letter('one'), letter('two'));
  expect(await redriven).toBe(true);
  expect(order).toEqual(['sent', 'deleted']);
  expect(sqs.sent).toEqual([
    { QueueUrl: 'url:p-q', Entries: [{ Id: '0', MessageBody: 'body of two', MessageGroupId: 'acme', MessageAttributes: { trace: { DataType: 'String', StringValue: 't1' } } }] },
  ]);
  expect(sqs.changed).toEqual([{ QueueUrl: 'url:p-q-dead', Entries: [{ Id: '0', ReceiptHandle: 'handle of one', VisibilityTimeout: 0 }] }]);
});

test('nothing is deleted that could not be sent', async () => {
  sqs.onSend = async () => ({ Successful: [], Failed: [{ Id: '1', SenderFault: true, Code: 'Refused', Message: 'no' }] });
  const redriven = broker.deadLetters.redriveAll('q');
  await Promise.all([answer(letter('one'), letter('two')), expect(redriven).rejects.toMatchObject({ code: 'MILLRACE_BROKER_UNAVAILABLE' })]);
  expect(sqs.deleted).toEqual([]);
});

test('letters that come meanwhile are left and shown again', async () => {
  const later = letter('later', { Attributes: { SentTimestamp: String(clock.now() + 1) } });
  const redriven = broker.deadLetters.redriveAll('q');
  await answer(letter('one'), later);
  await answer();
  expect(await redriven).toBe(1);
  expect(sqs.deleted).toEqual([{ QueueUrl: 'url:p-q-dead', Entries: [{ Id: '0', ReceiptHandle: 'handle of one' }] }]);
  expect(sqs.changed).toEqual([{ QueueUrl: 'url:p-q-dead', Entries: [{ Id: '0', ReceiptHandle: 'handle of later', VisibilityTimeout: 0 }] }]);
});

test('a letter that SQS moved by itself has the queue’s limit for a reason', async () => {
  const listed = broker.deadLetters.list('q', { limit: 10 });
  const moved = letter('one', { MessageAttributes: {} });
  await answer(moved, letter('two'));
  await answer(moved);
  expect((await listed).letters).toEqual([
    { queue: 'q', id: 'one', body: 'body of one', reason: 'delivered 5 times without an ack', deliveries: 5, publishedAt: clock.now() - 1_000, group: 'acme' },
    { queue: 'q', id: 'two', body: 'body of two', reason: 'cannot be read', deliveries: 3, publishedAt: clock.now() - 1_000, diedAt: clock.now() - 1_000, group: 'acme' },
  ]);
  expect(sqs.receives[0]?.request).toMatchObject({ QueueUrl: 'url:p-q-dead', VisibilityTimeout: 30, MessageAttributeNames: ['All'] });
});
