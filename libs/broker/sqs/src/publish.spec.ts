import type { BrokerQueue, OutgoingMessage } from '@millrace/broker';
import { Slots } from '@millrace/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SqsBroker } from './sqs-broker.js';
import { FakeSqs, messages } from './testing/fake-sqs.js';

const queue: BrokerQueue = { name: 'work', leaseMs: 4000, maxDeliveries: 5 };
let sqs: FakeSqs;
let broker: SqsBroker;
let calls: string[];
beforeEach(async () => {
  sqs = new FakeSqs();
  calls = [];
  broker = new SqsBroker({ client: sqs, prefix: 'test-', onCall: (kind) => calls.push(kind) });
  await broker.prepare([queue]);
  calls = [];
});

const message = (body: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({ queue: 'work', body, id: body, ...more });
const bodies = () => sqs.sent.map(({ Entries }) => Entries!.map(({ MessageBody }) => MessageBody));

describe('publish', () => {
  it('sends calls made at the same time as one batch, and counts it as one', async () => {
    await Promise.all([broker.publish([message('a'), message('b')]), broker.publish([message('c')])]);
    expect(bodies()).toEqual([['a', 'b', 'c']]);
    expect(calls).toEqual(['SendMessageBatch']);
  });

  it('rounds a delay up to whole seconds, and passes on a group that SQS can take', async () => {
    await broker.publish([message('a', { delayMs: 1001, group: 'acme' }), message('b', { group: 'not a group' })]);
    const [a, b] = sqs.sent[0]!.Entries!;
    expect(a).toEqual({ Id: '0', MessageBody: 'a', DelaySeconds: 2, MessageGroupId: 'acme' });
    expect(b).toEqual({ Id: '1', MessageBody: 'b' });
  });

  it('sends a message with a priority like any other', async () => {
    await broker.publish([message('common'), message('urgent', { priority: 9 })]);
    expect(sqs.sent[0]!.Entries).toEqual([{ Id: '0', MessageBody: 'common' }, { Id: '1', MessageBody: 'urgent' }]);
  });

  it.each([
    ['an empty body', message('')],
    ['a body that is not ASCII', message('naïve')],
    ['a control character', message('a\u0000b')],
    ['a body that is too large', message('x'.repeat(1_048_576))],
    ['a delay that is too long', message('a', { delayMs: 900_001 })],
    ['a priority above the highest', message('a', { priority: 10 })],
  ])('refuses %s, and sends the others', async (_what, unfit) => {
    const failures = await broker.publish([unfit, message('fit')]);
    expect(failures).toEqual([{ message: unfit, reason: expect.stringMatching(/^the (body|delay|priority) /) }]);
    expect(bodies()).toEqual([['fit']]);
  });

  it('names the messages that SQS refused', async () => {
    sqs.onSend = async () => ({ Successful: [], Failed: [{ Id: '1', SenderFault: true, Code: 'InvalidMessageContents', Message: 'no' }] });
    const refused = message('b');
    expect(await broker.publish([message('a'), refused])).toEqual([{ message: refused, reason: 'InvalidMessageContents: no' }]);
  });

  it('rejects as unavailable when none could be sent, with the cause', async () => {
    const cause = new Error('no route');
    sqs.onSend = async () => Promise.reject(cause);
    await expect(broker.publish([message('a'), message('b')])).rejects.toMatchObject({ code: 'MILLRACE_BROKER_UNAVAILABLE', retryable: true, cause });
  });

  it('names the messages of a batch that could not be sent while another was', async () => {
    sqs.onSend = async ({ QueueUrl }) => (QueueUrl === 'url:test-work' ? { Successful: [], Failed: [] } : Promise.reject(new Error('no route')));
    await broker.prepare([{ ...queue, name: 'other' }]);
    const unsent = message('b', { queue: 'other' });
    expect(await broker.publish([message('a'), unsent])).toEqual([{ message: unsent, reason: expect.stringContaining('no route') }]);
  });

  it('sends nothing when one of the queues is unknown', async () => {
    await expect(broker.publish([message('a'), message('b', { queue: 'other' })])).rejects.toMatchObject({ code: 'MILLRACE_BROKER_QUEUE_UNKNOWN' });
    expect(sqs.sent).toEqual([]);
  });
});

describe('publish to a queue whose requests may wait for company', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('sends what comes within that long as one batch', async () => {
    await broker.prepare([{ ...queue, batchMs: 200 }]);
    const publishing = [broker.publish([message('a')])];
    await vi.advanceTimersByTimeAsync(150);
    publishing.push(broker.publish([message('b')]));
    await vi.advanceTimersByTimeAsync(49);
    expect(bodies()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await Promise.all(publishing)).toEqual([[], []]);
    expect(bodies()).toEqual([['a', 'b']]);
  });

  it.each([
    ['as long as it may', 200, 200],
    ['no longer than a quarter of the lease', 60_000, 1_000],
  ])('has acks wait %s', async (_what, batchMs, waitMs) => {
    const batched = { ...queue, batchMs };
    await broker.prepare([batched]);
    broker.consume({ queue: batched, slots: new Slots(1) }, async () => ({ kind: 'ack' }));
    await vi.advanceTimersByTimeAsync(0);
    sqs.receives[0]!.answer(messages('a'));
    await vi.advanceTimersByTimeAsync(waitMs - 1);
    expect(sqs.deleted).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sqs.deleted).toHaveLength(1);
  });
});

describe('prepare', () => {
  it('creates a queue and its dead letter queue', () => {
    expect(Object.fromEntries(sqs.queues)).toEqual({
      'test-work': {
        QueueArn: 'arn:test-work',
        VisibilityTimeout: '4',
        MessageRetentionPeriod: '345600',
        RedrivePolicy: '{"deadLetterTargetArn":"arn:test-work-dead","maxReceiveCount":5}',
      },
      'test-work-dead': { QueueArn: 'arn:test-work-dead', MessageRetentionPeriod: '1209600' },
    });
  });

  it('changes nothing of a queue that is as it should be, however its policy is written', async () => {
    sqs.queues.get('test-work')!.RedrivePolicy = '{"maxReceiveCount":"5", "deadLetterTargetArn":"arn:test-work-dead"}';
    await broker.prepare([queue]);
    expect(sqs.setCalls).toEqual([]);
    expect(calls).not.toContain('CreateQueue');
  });

  it('changes what differs and nothing else', async () => {
    await broker.prepare([{ ...queue, leaseMs: 20_500, maxDeliveries: 6 }]);
    expect(sqs.setCalls).toEqual([
      {
        QueueUrl: 'url:test-work',
        Attributes: { VisibilityTimeout: '21', RedrivePolicy: '{"deadLetterTargetArn":"arn:test-work-dead","maxReceiveCount":6}' },
      },
    ]);
  });
});
