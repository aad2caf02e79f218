import type { BrokerQueue, Delivery, Disposition } from '@millrace/broker';
import { ManualClock, Slots } from '@millrace/kernel';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SqsBroker } from './sqs-broker.js';
import { FakeSqs, messages } from './testing/fake-sqs.js';

const queue: BrokerQueue = { name: 'work', leaseMs: 4000, maxDeliveries: 5 };
let sqs: FakeSqs;
let clock: ManualClock;
let broker: SqsBroker;
let errors: unknown[];
beforeEach(async () => {
  sqs = new FakeSqs();
  clock = new ManualClock();
  errors = [];
  broker = new SqsBroker({ client: sqs, prefix: 'test-', clock, onError: (error) => errors.push(error) });
  await broker.prepare([queue]);
});

/** A consumer whose handlers end when the test says how. */
function consume(slots: Slots) {
  const running: Array<{ delivery: Delivery; end: (disposition: Disposition) => void; break: (error: Error) => void }> = [];
  const consumer = broker.consume({ queue, slots }, (delivery) => {
    const { promise, resolve, reject } = Promise.withResolvers<Disposition>();
    running.push({ delivery, end: resolve, break: reject });
    return promise;
  });
  return { consumer, running };
}

const receiveNumber = async (count: number) => {
  await vi.waitUntil(() => sqs.receives.length >= count);
  return sqs.receives[count - 1]!;
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const ack: Disposition = { kind: 'ack' };

describe('polling', () => {
  it('asks for as many as there are free slots, ten at most, in one long poll', async () => {
    consume(new Slots(3));
    expect((await receiveNumber(1)).request).toMatchObject({ QueueUrl: 'url:test-work', MaxNumberOfMessages: 3, WaitTimeSeconds: 20 });
    const other = new SqsBroker({ client: (sqs = new FakeSqs()), prefix: 'test-', clock });
    await other.prepare([queue]);
    other.consume({ queue, slots: new Slots(50) }, async () => ack);
    expect((await receiveNumber(1)).request.MaxNumberOfMessages).toBe(10);
    await settled();
    expect(sqs.receives).toHaveLength(1);
  });

  it('goes on for the free slots while a slow handler runs, and not at all while none is free', async () => {
    const { running } = consume(new Slots(2));
    (await receiveNumber(1)).answer(messages('slow'));
    const second = await receiveNumber(2);
    expect(second.request.MaxNumberOfMessages).toBe(1);
    second.answer(messages('slow too'));
    await vi.waitUntil(() => running.length === 2);
    await settled();
    expect(sqs.receives).toHaveLength(2);
    running[1]!.end(ack);
    expect((await receiveNumber(3)).request.MaxNumberOfMessages).toBe(1);
  });

  it('fetches a backlog with two more receives that do not wait', async () => {
    consume(new Slots(100));
    (await receiveNumber(1)).answer(messages(...'abcdefghij'));
    await receiveNumber(3);
    expect(sqs.receives.slice(1).map(({ request }) => request.WaitTimeSeconds).sort()).toEqual([0, 20]);
    sqs.receives.find(({ request }) => request.WaitTimeSeconds === 0)!.answer(messages('k'));
    await settled();
    expect(sqs.receives).toHaveLength(3);
  });

  it('pauses longer after each failure, and tells of each', async () => {
    consume(new Slots(1));
    (await receiveNumber(1)).fail(new Error('no route'));
    await settled();
    expect(sqs.receives).toHaveLength(1);
    await clock.advance(100);
    (await receiveNumber(2)).fail(new Error('no route'));
    await settled();
    await clock.advance(199);
    expect(sqs.receives).toHaveLength(2);
    await clock.advance(1);
    await receiveNumber(3);
    expect(errors).toMatchObject([{ code: 'MILLRACE_BROKER_UNAVAILABLE' }, { code: 'MILLRACE_BROKER_UNAVAILABLE' }]);
  });
});

describe('a queue whose requests may wait for company', () => {
  const batched: BrokerQueue = { ...queue, batchMs: 200 };
  const receives = () => sqs.receives.length;

  /** A consumer of the batched queue that acknowledges at once; each handled body is told. */
  async function consumeBatched(slots: Slots): Promise<string[]> {
    await broker.prepare([batched]);
    const handled: string[] = [];
    broker.consume({ queue: batched, slots }, async ({ body }) => {
      handled.push(body);
      return ack;
    });
    return handled;
  }

  it('is looked at again only after that long when a receive was not full', async () => {
    const handled = await consumeBatched(new Slots(10));
    (await receiveNumber(1)).answer(messages('a', 'b'));
    await vi.waitUntil(() => handled.length === 2);
    await settled();
    await clock.advance(199);
    await settled();
    expect(receives()).toBe(1);
    await clock.advance(1);
    expect((await receiveNumber(2)).request.MaxNumberOfMessages).toBe(10);
  });

  it('is looked at again at once when a receive filled its slots', async () => {
    await consumeBatched(new Slots(2));
    (await receiveNumber(1)).answer(messages('a', 'b'));
    expect((await receiveNumber(2)).request.WaitTimeSeconds).toBe(20);
  });

  it('is looked at again at once when a receive brought nothing', async () => {
    await consumeBatched(new Slots(10));
    (await receiveNumber(1)).answer([]);
    expect((await receiveNumber(2)).request.WaitTimeSeconds).toBe(20);
  });

  it('is not waited for by a stop', async () => {
    await broker.prepare([batched]);
    const { promise: handled, resolve } = Promise.withResolvers<void>();
    const consumer = broker.consume({ queue: batched, slots: new Slots(10) }, async () => {
      resolve();
      return { kind: 'release', delayMs: 0 };
    });
    (await receiveNumber(1)).answer(messages('a'));
    await handled;
    await settled();
    await consumer.stop();
    expect(receives()).toBe(1);
  });
});

describe('a disposition', () => {
  it('of several acks is one delete', async () => {
    const { running } = consume(new Slots(10));
    (await receiveNumber(1)).answer(messages('a', 'b', 'c'));
    await vi.waitUntil(() => running.length === 3);
    for (const { end } of running) end(ack);
    await vi.waitUntil(() => sqs.deleted.length > 0);
    expect(sqs.deleted[0]!.Entries!.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(['handle of a', 'handle of b', 'handle of c']);
  });

  it('is void when the lease has run out', async () => {
    const { consumer, running } = consume(new Slots(10));
    (await receiveNumber(1)).answer(messages('late'));
    await vi.waitUntil(() => running.length === 1);
    await clock.advance(4000);
    expect(running[0]!.delivery.lease.lost.aborted).toBe(true);
    running[0]!.end(ack);
    await consumer.stop();
    expect(sqs.deleted).toEqual([]);
  });

  it('of reject keeps a copy with the reason before it deletes', async () => {
    const { consumer, running } = consume(new Slots(10));
    (await receiveNumber(1)).answer(messages('poison'));
    await vi.waitUntil(() => running.length === 1);
    running[0]!.end({ kind: 'reject', reason: 'malformed: naïve\u0000' });
    await clock.advance(500);
    await consumer.stop();
    expect(sqs.sent).toMatchObject([
      {
        QueueUrl: 'url:test-work-dead',
        Entries: [{ MessageBody: 'poison', MessageAttributes: { reason: { DataType: 'String', StringValue: 'malformed: na?ve?' } } }],
      },
    ]);
    expect(sqs.deleted).toMatchObject([{ Entries: [{ ReceiptHandle: 'handle of poison' }] }]);
  });

  it('of reject deletes nothing when the copy could not be kept', async () => {
    const { consumer, running } = consume(new Slots(10));
    sqs.onSend = async () => Promise.reject(new Error('no route'));
    (await receiveNumber(1)).answer(messages('poison'));
    await vi.waitUntil(() => running.length === 1);
    running[0]!.end({ kind: 'reject', reason: 'malformed' });
    await clock.advance(500);
    await consumer.stop();
    expect(sqs.deleted).toEqual([]);
    expect(errors).toMatchObject([{ code: 'MILLRACE_BROKER_UNAVAILABLE' }]);
  });

  it('of a handler that throws is a release after a second', async () => {
    const { running } = consume(new Slots(10));
    (await receiveNumber(1)).answer(messages('a'));
    await vi.waitUntil(() => running.length === 1);
    running[0]!.break(new Error('the handler broke'));
    await vi.waitUntil(() => sqs.changed.length > 0);
    expect(sqs.changed[0]!.Entries).toMatchObject([{ ReceiptHandle: 'handle of a', VisibilityTimeout: 1 }]);
    expect(errors).toEqual([new Error('the handler broke')]);
  });
});

describe('a lease', () => {
  it('is extended together with others, in whole seconds', async () => {
    const { running } = consume(new Slots(10));
    (await receiveNumber(1)).answer(messages('a', 'b'));
    await vi.waitUntil(() => running.length === 2);
    expect(await Promise.all(running.map(({ delivery }) => delivery.lease.extend()))).toEqual([true, true]);
    expect(sqs.changed.map(({ Entries }) => Entries)).toMatchObject([
      [
        { ReceiptHandle: 'handle of a', VisibilityTimeout: 4 },
        { ReceiptHandle: 'handle of b', VisibilityTimeout: 4 },
      ],
    ]);
  });

  it('is lost when SQS no longer knows the delivery, while those of others hold', async () => {
    const { running } = consume(new Slots(10));
    sqs.onChange = async () => ({ Successful: [], Failed: [{ Id: '1', SenderFault: true, Code: 'MessageNotInflight' }] });
    (await receiveNumber(1)).answer(messages('a', 'b'));
    await vi.waitUntil(() => running.length === 2);
    expect(await Promise.all(running.map(({ delivery }) => delivery.lease.extend()))).toEqual([true, false]);
    expect(running.map(({ delivery }) => delivery.lease.lost.aborted)).toEqual([false, true]);
  });
});

describe('stop', () => {
  it('releases at once what a receive under way still brings', async () => {
    const slots = new Slots(4);
    const { consumer, running } = consume(slots);
    const receive = await receiveNumber(1);
    const stopped = consumer.stop();
    receive.answer(messages('a', 'b'));
    await stopped;
    expect(running).toEqual([]);
    expect(sqs.changed.map(({ Entries }) => Entries)).toMatchObject([
      [
        { ReceiptHandle: 'handle of a', VisibilityTimeout: 0 },
        { ReceiptHandle: 'handle of b', VisibilityTimeout: 0 },
      ],
    ]);
    expect(slots.free).toBe(4);
  });

  it('hangs up at once on a receive that has waited', async () => {
    const slots = new Slots(4);
    const { consumer } = consume(slots);
    await receiveNumber(1);
    await clock.advance(500);
    await consumer.stop();
    expect(slots.free).toBe(4);
    expect(errors).toEqual([]);
  });

  it('waits for handlers and for the calls that their dispositions need', async () => {
    const { consumer, running } = consume(new Slots(4));
    (await receiveNumber(1)).answer(messages('a'));
    await vi.waitUntil(() => running.length === 1);
    let hasStopped = false;
    const stopped = consumer.stop().then(() => (hasStopped = true));
    await clock.advance(500);
    await settled();
    expect(hasStopped).toBe(false);
    running[0]!.end(ack);
    await stopped;
    expect(sqs.deleted).toHaveLength(1);
  });

  it('of the broker without that of the consumer loses the leases, and nothing is sent any more', async () => {
    const { running } = consume(new Slots(4));
    (await receiveNumber(1)).answer(messages('a'));
    await vi.waitUntil(() => running.length === 1);
    await broker.close();
    expect(running[0]!.delivery.lease.lost.aborted).toBe(true);
    running[0]!.end(ack);
    await settled();
    expect(sqs.deleted).toEqual([]);
    expect(errors).toEqual([]);
  });
});
