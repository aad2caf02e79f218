import type { Broker, BrokerQueue, QueueDepth } from '@millrace/broker';
import { expect, vi } from 'vitest';
import { patienceMs } from './stage.js';

/** Waits until the queue's depth shows these numbers; counts may lag behind. */
export async function expectDepth(broker: Broker, queue: BrokerQueue, expected: Partial<QueueDepth>): Promise<void> {
  await vi.waitFor(async () => expect(await broker.depth(queue.name)).toMatchObject(expected), { timeout: patienceMs, interval: 50 });
}

export const emptyDepth: QueueDepth = { waiting: 0, delayed: 0, inFlight: 0, dead: 0 };
