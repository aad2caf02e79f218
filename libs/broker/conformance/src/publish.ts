import type { Broker, OutgoingMessage } from '@millrace/broker';
import { MillraceError } from '@millrace/kernel';
import { describe, expect } from 'vitest';
import { Inbox } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { bodies, message, stagedTest, testTimeoutMs } from './stage.js';

export function exercisePublish(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  describe('publish', { timeout: testTimeoutMs }, () => {
    test('stores 25 messages of one call', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const sent = bodies(25);
      expect(await broker.publish(sent.map((body) => message(queue, body)))).toEqual([]);
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      await inbox.holds(25);
      expect(new Set(inbox.bodies)).toEqual(new Set(sent));
    });

    test('sends each message of one call to its own queue', async ({ stage }) => {
      const [left, right] = [stage.queue(), stage.queue()];
      const broker = await stage.broker();
      const sent = ['left', 'right', 'left', 'right'].map((body) => message(body === 'left' ? left : right, body));
      expect(await broker.publish(sent)).toEqual([]);
      const [ofLeft, ofRight] = [new Inbox(), new Inbox()];
      await stage.consume(broker, left, ofLeft.handle);
      await stage.consume(broker, right, ofRight.handle);
      await Promise.all([ofLeft.holds(2), ofRight.holds(2)]);
      expect(ofLeft.deliveries.map(({ queue, body }) => [queue, body])).toEqual([[left.name, 'left'], [left.name, 'left']]);
      expect(ofRight.deliveries.map(({ queue, body }) => [queue, body])).toEqual([[right.name, 'right'], [right.name, 'right']]);
    });

    test('stores the messages of calls made at the same time', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const sent = bodies(30);
      const failures = await Promise.all(sent.map((body) => broker.publish([message(queue, body)])));
      expect(failures.flat()).toEqual([]);
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      await inbox.holds(30);
      expect(new Set(inbox.bodies)).toEqual(new Set(sent));
    });

    test('of no messages does nothing', async ({ stage }) => {
      const broker = await stage.broker();
      expect(await broker.publish([])).toEqual([]);
    });

    test('to a queue that was not prepared is refused', async ({ stage }) => {
      const broker = await stage.broker();
      const unknown = { name: setup.queueName(), leaseMs: setup.leaseMs, maxDeliveries: 20 };
      await expect(broker.publish([message(unknown, 'lost')])).rejects.toMatchObject({ code: 'MILLRACE_BROKER_QUEUE_UNKNOWN' });
    });

    test('refuses a message that is too large', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      expect(await refused(broker, message(queue, 'x'.repeat(broker.capabilities.maxBytes + 1)))).toBe(true);
    });

    test('refuses a message that is to be delivered too late', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      expect(await refused(broker, message(queue, 'far off', { delayMs: broker.capabilities.maxDelayMs + 60_000 }))).toBe(true);
    });

    test('after close rejects as unavailable', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      await broker.close();
      await expect(broker.publish([message(queue, 'too late')])).rejects.toMatchObject({ code: 'MILLRACE_BROKER_UNAVAILABLE' });
    });
  });

  describe('a service that', { timeout: testTimeoutMs }, () => {
    test('answers lets ping resolve', async ({ stage }) => {
      const broker = await stage.broker();
      await expect(broker.ping()).resolves.toBeUndefined();
    });

    test('does not answer makes ping and prepare reject as unavailable', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.unreachableBroker();
      await expect(broker.ping()).rejects.toMatchObject({ code: 'MILLRACE_BROKER_UNAVAILABLE' });
      await expect(broker.prepare([queue])).rejects.toMatchObject({ code: 'MILLRACE_BROKER_UNAVAILABLE' });
    });
  });
}

/** Whether the call is refused as a whole, or the message comes back as one that was not accepted. */
async function refused(broker: Broker, unfit: OutgoingMessage): Promise<boolean> {
  try {
    const failures = await broker.publish([unfit]);
    return failures.length === 1 && failures[0]?.message === unfit && failures[0].reason !== '';
  } catch (thrown) {
    return MillraceError.is(thrown, 'MILLRACE_BROKER_MESSAGE_REFUSED');
  }
}
