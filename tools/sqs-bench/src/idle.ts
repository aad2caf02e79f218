import { setTimeout as delay } from 'node:timers/promises';
import { Slots } from '@millrace/kernel';
import { countedBroker } from './call-counts.js';

/** Until consumers that share slots have found their shares. */
const settlingSeconds = 5;

/** API calls that consumers of so many empty queues make in so many seconds, once they have settled. */
export async function measureIdle(endpoint: string, queues: number, seconds: number): Promise<number> {
  const { broker, calls } = countedBroker(endpoint, 'idle-');
  const specs = Array.from({ length: queues }, (_, at) => ({ name: `queue-${at}`, leaseMs: 4_000, maxDeliveries: 10 }));
  await broker.prepare(specs);
  const slots = new Slots(16);
  const consumers = specs.map((queue) => broker.consume({ queue, slots }, async () => ({ kind: 'ack' })));
  await delay(settlingSeconds * 1_000);
  calls.clear();
  await delay(seconds * 1_000);
  const counted = [...calls.values()].reduce((sum, count) => sum + count, 0);
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  await broker.close();
  return counted;
}
