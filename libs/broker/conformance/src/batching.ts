import { describe, expect } from 'vitest';
import { emptyDepth, expectDepth } from './depth.js';
import { ack, Inbox, release } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { bodies, message, stagedTest, testTimeoutMs } from './stage.js';

/** Waiting for company changes what requests cost, and nothing of what becomes of messages. */
export function exerciseBatching(setup: BrokerSetup): void {
  const test = stagedTest(setup);
  const batchMs = 100;

  describe('a queue whose requests may wait for company', { timeout: testTimeoutMs }, () => {
    test('delivers each message once, and forgets those that were acknowledged', async ({ stage }) => {
      const queue = stage.queue({ batchMs });
      const broker = await stage.broker();
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      const sent = bodies(23);
      for (const body of sent.slice(0, 3)) expect(await broker.publish([message(queue, body)])).toEqual([]);
      expect(await Promise.all(sent.slice(3).map((body) => broker.publish([message(queue, body)])))).toEqual(sent.slice(3).map(() => []));
      await inbox.holds(23);
      await broker.publish([message(queue, 'sentinel', { delayMs: 2 * setup.leaseMs })]);
      await inbox.has('sentinel');
      expect(inbox.bodies.slice(0, 23).toSorted()).toEqual(sent.toSorted());
      expect(inbox.deliveries).toHaveLength(24);
      await expectDepth(broker, queue, emptyDepth);
    });

    test('has acknowledged all that was handled when its consumer has stopped', async ({ stage }) => {
      const queue = stage.queue({ batchMs });
      const broker = await stage.broker();
      const inbox = new Inbox(async ({ deliveryCount }) => (deliveryCount === 1 ? release(0) : ack));
      const consumer = await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'twice')]);
      await inbox.holds(2);
      await consumer.stop();
      expect(inbox.counts).toEqual([1, 2]);
      await expectDepth(broker, queue, emptyDepth);
    });
  });
}
