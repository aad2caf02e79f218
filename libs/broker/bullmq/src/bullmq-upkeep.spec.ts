import { randomUUID } from 'node:crypto';
import type { BrokerQueue, Disposition } from '@millrace/broker';
import { Slots } from '@millrace/kernel';
import '@millrace/testkit';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { BullmqBroker } from './bullmq-broker.js';

const queue: BrokerQueue = { name: 'q', leaseMs: 3000, maxDeliveries: 20 };
const patience = { timeout: 20_000 };

async function parties() {
  const prefix = `upkeep-${randomUUID()}`;
  const broker = new BullmqBroker({ url: inject('redisUrl'), prefix });
  const connection = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null });
  const bull = new Queue(queue.name, { connection, prefix });
  onTestFinished(async () => {
    await broker.close();
    await bull.close();
    await connection.quit();
  });
  await broker.prepare([queue]);
  return { broker, bull, connection, prefix };
}

/** Consumes until the test is over; tells the bodies and the counts of deliveries. */
function consume(broker: BullmqBroker, dispositionOf: (body: string) => Disposition): Array<[body: string, count: number]> {
  const seen: Array<[string, number]> = [];
  const consumer = broker.consume({ queue, slots: new Slots(5) }, ({ body, deliveryCount }) => {
    seen.push([body, deliveryCount]);
    return Promise.resolve(dispositionOf(body));
  });
  onTestFinished(() => consumer.stop());
  return seen;
}

const dead = (broker: BullmqBroker) => broker.deadLetters.list('q', { limit: 10 });

test('a job that failed with BullMQ is a dead letter, and can be redriven', async () => {
  const { broker, bull, connection, prefix } = await parties();
  const worker = new Worker('q', () => Promise.reject(new Error('no use')), { connection, prefix });
  const job = await bull.add('anything', { step: 1 }, { jobId: 'theirs', attempts: 1 });
  await vi.waitFor(async () => expect(await job.isFailed()).toBe(true), patience);
  await worker.close();
  expect((await dead(broker)).letters).toEqual([expect.objectContaining({ id: 'theirs', body: '{"step":1}', reason: 'no use' })]);
  expect(await broker.deadLetters.redrive('q', 'theirs')).toBe(true);
  const seen = consume(broker, () => ({ kind: 'ack' }));
  await vi.waitFor(() => expect(seen).toEqual([['{"step":1}', 1]]), patience);
  await vi.waitFor(async () => expect(await broker.depth('q')).toEqual({ waiting: 0, delayed: 0, inFlight: 0, dead: 0 }), patience);
});

test('a redriven message has its id again, unless another has it by now', async () => {
  const { broker, bull } = await parties();
  const seen = consume(broker, (body) => (body === '"poison"' ? { kind: 'reject', reason: 'poison' } : { kind: 'ack' }));
  for (const id of ['kept', 'taken']) await broker.publish([{ queue: 'q', id, body: '"poison"' }]);
  await vi.waitFor(async () => expect(await broker.depth('q')).toMatchObject({ dead: 2 }), patience);
  await broker.publish([{ queue: 'q', id: 'taken', body: '"later"', delayMs: 600_000 }]);
  const { letters } = await dead(broker);
  for (const { id } of letters) await broker.deadLetters.redrive('q', id);
  await vi.waitFor(async () => expect(await broker.depth('q')).toMatchObject({ dead: 2, waiting: 0, inFlight: 0 }), patience);
  expect(seen.filter(([body]) => body === '"poison"')).toHaveLength(4);
  expect((await bull.getJob('taken'))?.delay).toBe(600_000);
  const again = (await dead(broker)).letters.map(({ id }) => id.split('.').length);
  expect(again.sort()).toEqual([2, 3]);
});

test('pages of letters that died in the same millisecond leave none out', async () => {
  const { broker, connection, prefix } = await parties();
  const ids = Array.from({ length: 250 }, (_, i) => `l${i}`);
  for (const id of ids) await connection.multi().hset(`${prefix}:q:${id}`, 'data', id, 'failedReason', 'x').zadd(`${prefix}:q:failed`, 1000, id).exec();
  const seen: string[] = [];
  for (let after: string | undefined = '0/'; after !== undefined; ) {
    const page: Awaited<ReturnType<typeof dead>> = await broker.deadLetters.list('q', { limit: 40, after });
    seen.push(...page.letters.map(({ id }) => id));
    after = page.next;
  }
  expect(seen).toEqual(ids.toSorted());
  expect(await broker.deadLetters.inspect('q', 'l249')).toMatchObject({ body: 'l249' });
  expect(await broker.deadLetters.redriveAll('q')).toBe(250);
});
