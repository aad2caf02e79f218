import type { BrokerQueue } from '@millrace/broker';
import { sleep, Slots, systemClock } from '@millrace/kernel';
import '@millrace/testkit';
import { type JobsOptions, Queue, QueueKeys, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { BullmqBroker } from './bullmq-broker.js';

const prefix = `interop-${randomUUID()}`;
const queue: BrokerQueue = { name: 'q', leaseMs: 3000, maxDeliveries: 20 };

async function parties(name: string) {
  const broker = new BullmqBroker({ url: inject('redisUrl'), prefix });
  const connection = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null });
  const bull = new Queue(name, { connection, prefix });
  onTestFinished(async () => {
    await broker.close();
    await bull.close();
    await connection.quit();
  });
  await broker.prepare([{ ...queue, name }]);
  return { broker, connection, bull };
}

test('a worker of BullMQ processes a published message', async () => {
  const { broker, connection } = await parties('ours-to-theirs');
  await broker.publish([
    { queue: 'ours-to-theirs', id: 'first', body: '{"step":1}' },
    { queue: 'ours-to-theirs', id: 'second', body: '{"step":2}', delayMs: 200 },
  ]);
  const seen: unknown[] = [];
  const worker = new Worker('ours-to-theirs', async (job) => seen.push([job.id, job.data]), { connection, prefix });
  onTestFinished(() => worker.close());
  await vi.waitFor(() => expect(seen).toEqual([['first', { step: 1 }], ['second', { step: 2 }]]), { timeout: 20_000 });
});

test('a job added with BullMQ is delivered, and gone after the ack', async () => {
  const { broker, bull } = await parties('theirs-to-ours');
  const bodies: string[] = [];
  const consumer = broker.consume({ queue: { ...queue, name: 'theirs-to-ours' }, slots: new Slots(1) }, ({ body }) => {
    bodies.push(body);
    return Promise.resolve({ kind: 'ack' });
  });
  await consumer.ready();
  await bull.add('anything', { step: 1 }, { jobId: 'first' });
  await bull.add('anything', { step: 2 }, { jobId: 'second', delay: 200 });
  await vi.waitFor(() => expect(bodies).toEqual(['{"step":1}', '{"step":2}']), { timeout: 20_000 });
  await consumer.stop();
  expect(await bull.getJobCounts('waiting', 'active', 'delayed', 'failed', 'completed')).toEqual({
    waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0,
  });
});

test('a dead letter is a failed job, which BullMQ can retry', async () => {
  const { broker, bull } = await parties('dead-letters');
  let cured = false;
  const counts: number[] = [];
  const consumer = broker.consume({ queue: { ...queue, name: 'dead-letters' }, slots: new Slots(1) }, ({ deliveryCount }) => {
    counts.push(deliveryCount);
    return Promise.resolve(cured ? { kind: 'ack' } : { kind: 'reject', reason: 'cannot be read' });
  });
  await broker.publish([{ queue: 'dead-letters', id: 'poison', body: '{"step":1}' }]);
  await vi.waitFor(async () => expect(await bull.getFailedCount()).toBe(1), { timeout: 20_000 });
  const [dead] = await bull.getFailed();
  expect(dead).toMatchObject({ data: { step: 1 }, failedReason: 'cannot be read' });
  cured = true;
  await dead?.retry();
  await vi.waitFor(() => expect(counts).toEqual([1, 1]), { timeout: 20_000 });
  await consumer.stop();
  expect(await broker.depth('dead-letters')).toEqual({ waiting: 0, delayed: 0, inFlight: 0, dead: 0 });
});

test('a message with a priority shows in BullMQ as prioritized, the most urgent first', async () => {
  const { broker, bull } = await parties('priorities');
  const sent = [undefined, 1, 9, 5, 9, 5].map((priority, at) => ({ queue: 'priorities', id: `m${9 - at}`, body: '{}', ...(priority && { priority }) }));
  await broker.publish(sent.slice(0, 3));
  await broker.publish(sent.slice(3));
  await broker.publish([{ queue: 'priorities', id: 'later', body: '{}', priority: 8, delayMs: 60_000 }]);
  expect(await bull.getJobCounts('waiting', 'prioritized', 'delayed')).toEqual({ waiting: 1, prioritized: 5, delayed: 1 });
  const shown = await bull.getPrioritized();
  expect(shown.map(({ id, priority }) => [id, Number(priority)])).toEqual([['m7', 1], ['m5', 1], ['m6', 5], ['m4', 5], ['m8', 9]]);
  const [later] = await bull.getDelayed();
  await later?.promote();
  expect((await bull.getPrioritized()).map(({ id }) => id)).toEqual(['m7', 'm5', 'later', 'm6', 'm4', 'm8']);
  expect(await broker.depth('priorities')).toEqual({ waiting: 7, delayed: 0, inFlight: 0, dead: 0 });
});

test('a worker of BullMQ processes messages with a priority, after those without', async () => {
  const { broker, connection } = await parties('priorities-ours-to-theirs');
  const priorities = [1, 0, 9, 5];
  await broker.publish(priorities.map((priority) => ({ queue: 'priorities-ours-to-theirs', id: `p${priority}`, body: '{}', priority })));
  const seen: unknown[] = [];
  const worker = new Worker('priorities-ours-to-theirs', async (job) => seen.push(job.id), { connection, prefix });
  onTestFinished(() => worker.close());
  await vi.waitFor(() => expect(seen).toEqual(['p0', 'p9', 'p5', 'p1']), { timeout: 20_000 });
});

test('jobs added with BullMQ are delivered by their priority, those without one last', async () => {
  const { broker, bull } = await parties('priorities-theirs-to-ours');
  const job = (data: string, opts: JobsOptions = {}) => ({ name: 'anything', data, opts });
  await bull.addBulk([job('none'), job('20', { priority: 20 }), job('1', { priority: 1 }), job('20 again', { priority: 20 }), job('2', { priority: 2, delay: 1 })]);
  await sleep(systemClock, 10);
  const bodies: string[] = [];
  const consumer = broker.consume({ queue: { ...queue, name: 'priorities-theirs-to-ours' }, slots: new Slots(1) }, ({ body }) => {
    bodies.push(body);
    return Promise.resolve({ kind: 'ack' });
  });
  await vi.waitFor(() => expect(bodies).toEqual(['"1"', '"2"', '"20"', '"20 again"', '"none"']), { timeout: 20_000 });
  await consumer.stop();
});

test('a dead letter with a priority keeps it when BullMQ retries it', async () => {
  const { broker, bull } = await parties('priorities-dead-letters');
  const bodies: string[] = [];
  const consume = (kind: 'reject' | 'ack') =>
    broker.consume({ queue: { ...queue, name: 'priorities-dead-letters' }, slots: new Slots(1) }, ({ body }) => {
      bodies.push(body);
      return Promise.resolve({ kind, reason: 'cannot be read' });
    });
  await broker.publish([{ queue: 'priorities-dead-letters', id: 'poison', body: '"poison"', priority: 4 }]);
  const rejecting = consume('reject');
  await vi.waitFor(async () => expect(await bull.getFailedCount()).toBe(1), { timeout: 20_000 });
  await rejecting.stop();
  await broker.publish([0, 3, 5].map((priority) => ({ queue: 'priorities-dead-letters', id: `p${priority}`, body: `${priority}`, priority })));
  const [dead] = await bull.getFailed();
  await dead?.retry();
  const acknowledging = consume('ack');
  await vi.waitFor(() => expect(bodies).toEqual(['"poison"', '5', '"poison"', '3', '0']), { timeout: 20_000 });
  await acknowledging.stop();
});

test('an id that BullMQ would take for a key of its own is refused', async () => {
  const { broker } = await parties('reserved-ids');
  const bad = ['', 'a:b', ...Object.keys(new QueueKeys().getKeys('any'))].map((id) => ({ queue: 'reserved-ids', id, body: '{}' }));
  const good = { queue: 'reserved-ids', id: 'run_1-s0-0', body: '{}' };
  const failures = await broker.publish([...bad, good]);
  expect(failures.map(({ message }) => message)).toEqual(bad);
  expect(await broker.depth('reserved-ids')).toMatchObject({ waiting: 1 });
});

test('what stop finds on its way is given back uncounted', async () => {
  const { broker } = await parties('stops');
  const spec = { ...queue, name: 'stops', leaseMs: 30_000 };
  for (let round = 0; round < 20; round++) {
    await broker.publish(Array.from({ length: 4 }, (_, i) => ({ queue: 'stops', id: `m${round}-${i}`, body: '{}' })));
    const consumer = broker.consume({ queue: spec, slots: new Slots(4) }, () => Promise.resolve({ kind: 'release', delayMs: 0 }));
    if (round % 2 === 0) await consumer.ready();
    await consumer.stop();
    expect(await broker.depth('stops')).toMatchObject({ inFlight: 0, waiting: 4 * (round + 1) });
  }
});
