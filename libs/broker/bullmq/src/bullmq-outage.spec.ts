import type { BrokerQueue, Delivery } from '@millrace/broker';
import { sleep, Slots, systemClock } from '@millrace/kernel';
import { startRedis } from '@millrace/testkit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BullmqBroker } from './bullmq-broker.js';

const queue: BrokerQueue = { name: 'q', leaseMs: 2000, maxDeliveries: 20 };
const patience = { timeout: 30_000 };

async function ownRedis() {
  const redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  const broker = new BullmqBroker({ url: redis.url });
  onTestFinished(async () => {
    await broker.close();
    await redis.stop();
  });
  const publish = (id: string) => broker.publish([{ queue: queue.name, id, body: id }]);
  return { redis, broker, publish };
}

test('a consumer goes on after Redis was killed and started again', async () => {
  const { redis, broker, publish } = await ownRedis();
  await broker.prepare([queue]);
  const bodies: string[] = [];
  const held = Promise.withResolvers<void>();
  const consumer = broker.consume({ queue, slots: new Slots(5) }, async ({ body }) => {
    bodies.push(body);
    if (body === 'held') await held.promise;
    return { kind: 'ack' };
  });
  await publish('before');
  await publish('held');
  await vi.waitFor(() => expect(bodies).toEqual(['before', 'held']), patience);

  await redis.kill();
  await vi.waitFor(() => expect(publish('meanwhile')).rejects.toMatchObject({ code: 'MILLRACE_BROKER_UNAVAILABLE' }), patience);
  await expect(broker.ping()).rejects.toMatchObject({ code: 'MILLRACE_BROKER_UNAVAILABLE' });
  await redis.restart();

  await vi.waitFor(() => publish('after'), patience);
  held.resolve();
  await vi.waitFor(() => expect(bodies).toContain('after'), patience);
  await vi.waitFor(async () => expect(await broker.depth(queue.name)).toEqual({ waiting: 0, delayed: 0, inFlight: 0, dead: 0 }), patience);
  await consumer.stop();
  expect(new Set(bodies)).toEqual(new Set(['before', 'held', 'after']));
});

test('a consumer may start before Redis does, and keep its leases', async () => {
  const { redis, broker, publish } = await ownRedis();
  await redis.kill();
  const deliveries: Delivery[] = [];
  const extensions: boolean[] = [];
  const consumer = broker.consume({ queue, slots: new Slots(5) }, async (delivery) => {
    deliveries.push(delivery);
    for (let i = 0; i < 4; i++) {
      await sleep(systemClock, queue.leaseMs / 3);
      extensions.push(await delivery.lease.extend());
    }
    return { kind: 'ack' };
  });
  await expect(broker.prepare([queue])).rejects.toMatchObject({ code: 'MILLRACE_BROKER_UNAVAILABLE' });
  await redis.restart();
  await consumer.ready();
  await vi.waitFor(() => broker.prepare([queue]), patience);
  await publish('long');
  await vi.waitFor(() => expect(extensions).toEqual([true, true, true, true]), patience);
  await consumer.stop();
  expect(deliveries.map(({ deliveryCount }) => deliveryCount)).toEqual([1]);
  expect(await broker.depth(queue.name)).toEqual({ waiting: 0, delayed: 0, inFlight: 0, dead: 0 });
});
