import { Slots, systemClock } from '@millrace/kernel';
import { describe, expect } from 'vitest';
import { emptyDepth, expectDepth } from './depth.js';
import { ack, Inbox, release } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { message, stagedTest, testTimeoutMs } from './stage.js';

/** Clocks of service and test may differ by a little. */
const toleranceMs = 100;

export function exerciseRedelivery(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  describe('redelivery', { timeout: testTimeoutMs }, () => {
    test('follows a release without delay, and counts', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const inbox = new Inbox(({ deliveryCount }) => Promise.resolve(deliveryCount < 4 ? release(0) : ack));
      await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'again')]);
      await inbox.holds(4);
      expect(inbox.counts).toEqual([1, 2, 3, 4]);
      await expectDepth(broker, queue, emptyDepth);
    });

    test('follows a release with a delay, but not before', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const times: number[] = [];
      const inbox = new Inbox(({ deliveryCount }) => {
        times.push(systemClock.monotonic());
        return Promise.resolve(deliveryCount === 1 ? release(2000) : ack);
      });
      await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'later')]);
      await inbox.holds(2);
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(2000 - toleranceMs);
      expect(inbox.counts).toEqual([1, 2]);
      await expectDepth(broker, queue, emptyDepth);
    });

    test('of a released message leaves the slot to others meanwhile', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const inbox = new Inbox(({ body, deliveryCount }) => Promise.resolve(body === 'back' && deliveryCount === 1 ? release(3000) : ack));
      await broker.publish([message(queue, 'back')]);
      await stage.consume(broker, queue, inbox.handle, new Slots(1));
      await inbox.holds(1);
      await broker.publish([message(queue, 'other')]);
      await inbox.holds(3);
      expect(inbox.bodies).toEqual(['back', 'other', 'back']);
    });

    test('follows a handler that throws', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const inbox = new Inbox(({ deliveryCount }) =>
        deliveryCount === 1 ? Promise.reject(new Error('the handler broke')) : Promise.resolve(ack),
      );
      await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'broken')]);
      await inbox.holds(2);
      expect(inbox.counts).toEqual([1, 2]);
      await expectDepth(broker, queue, emptyDepth);
    });
  });
}
