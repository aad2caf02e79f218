import { Slots, systemClock } from '@millrace/kernel';
import { describe, expect } from 'vitest';
import { expectDepth } from './depth.js';
import { Inbox } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { message, stagedTest, testTimeoutMs } from './stage.js';

/** Clocks of service and test may differ by a little. */
const toleranceMs = 100;

export function exerciseDelay(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  describe('delay', { timeout: testTimeoutMs }, () => {
    test('keeps a message back, and lets later ones pass', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle, new Slots(1));
      const start = systemClock.monotonic();
      expect(await broker.publish([message(queue, 'delayed', { delayMs: 2000 })])).toEqual([]);
      await broker.publish([message(queue, 'at once')]);
      await inbox.has('delayed');
      expect(systemClock.monotonic() - start).toBeGreaterThanOrEqual(2000 - toleranceMs);
      expect(inbox.bodies).toEqual(['at once', 'delayed']);
      expect(inbox.counts).toEqual([1, 1]);
    });

    test('orders by when each is due', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      await broker.publish([5000, 1000, 3000].map((delayMs) => message(queue, `after ${delayMs}`, { delayMs })));
      await expectDepth(broker, queue, { delayed: 3 });
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle, new Slots(1));
      await inbox.holds(3);
      expect(inbox.bodies).toEqual(['after 1000', 'after 3000', 'after 5000']);
    });
  });
}
