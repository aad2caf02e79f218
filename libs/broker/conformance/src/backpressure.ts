import type { Broker, BrokerQueue } from '@millrace/broker';
import { sleep, Slots, systemClock } from '@millrace/kernel';
import { describe, expect } from 'vitest';
import { emptyDepth, expectDepth } from './depth.js';
import { ack, Gate, Inbox } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { bodies, message, stagedTest, testTimeoutMs } from './stage.js';

const publishAll = (broker: Broker, queue: BrokerQueue, sent: readonly string[]) => broker.publish(sent.map((body) => message(queue, body)));

/** Answers after a moment, so that handlers overlap if they may. */
async function shortly(): Promise<typeof ack> {
  await sleep(systemClock, 5);
  return ack;
}

export function exerciseBackpressure(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  describe('backpressure', { timeout: testTimeoutMs }, () => {
    test('never runs more handlers at once than there are slots', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      await publishAll(broker, queue, bodies(30));
      const slots = new Slots(3);
      const inbox = new Inbox(shortly);
      await stage.consume(broker, queue, inbox.handle, slots);
      await inbox.holds(30);
      expect(inbox.mostAtOnce).toBe(3);
      await expectDepth(broker, queue, emptyDepth);
    });

    test('never runs more handlers at once than slots shared by two queues', async ({ stage }) => {
      const [left, right] = [stage.queue(), stage.queue()];
      const broker = await stage.broker();
      await publishAll(broker, left, bodies(15, 'left'));
      await publishAll(broker, right, bodies(15, 'right'));
      const slots = new Slots(2);
      const inbox = new Inbox(shortly);
      await stage.consume(broker, left, inbox.handle, slots);
      await stage.consume(broker, right, inbox.handle, slots);
      await inbox.holds(30);
      expect(new Set(inbox.bodies)).toEqual(new Set([...bodies(15, 'left'), ...bodies(15, 'right')]));
      expect(inbox.mostAtOnce).toBeLessThanOrEqual(2);
    });

    test('does not hold a message back that another process could run', async ({ stage }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const [busy, free] = [await stage.broker(), await stage.broker()];
      const done = new Gate();
      const stuck = new Inbox(async () => {
        await done.opened;
        return ack;
      });
      await stage.consume(busy, queue, stuck.handle, new Slots(1));
      await publishAll(busy, queue, ['first']);
      await stuck.holds(1);
      await publishAll(busy, queue, bodies(10));
      const inbox = new Inbox();
      await stage.consume(free, queue, inbox.handle);
      await inbox.holds(10);
      expect(stuck.bodies).toEqual(['first']);
      expect(new Set(inbox.bodies)).toEqual(new Set(bodies(10)));
      done.open();
    });

    test('wakes every idle process for messages that come at once', async ({ stage }) => {
      const [queue, clock] = [stage.queue({ leaseMs: 30_000 }), stage.queue()];
      const [first, second] = [await stage.broker(), await stage.broker()];
      const done = new Gate();
      const inbox = new Inbox(async ({ body }) => {
        if (body !== 'three seconds later') await done.opened;
        return ack;
      });
      await stage.consume(first, queue, inbox.handle, new Slots(1));
      await stage.consume(second, queue, inbox.handle, new Slots(1));
      await stage.consume(first, clock, inbox.handle);
      await first.publish([message(clock, 'three seconds later', { delayMs: 3000 })]);
      await publishAll(first, queue, ['left', 'right']);
      await inbox.holds(3);
      expect(inbox.bodies.slice(0, 2).sort()).toEqual(['left', 'right']);
      done.open();
    });

    test('lets a slow message hold back no others', async ({ stage }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const broker = await stage.broker();
      const done = new Gate();
      const inbox = new Inbox(async ({ body }) => {
        if (body === 'slow') await done.opened;
        return ack;
      });
      await publishAll(broker, queue, ['slow', ...bodies(25)]);
      await stage.consume(broker, queue, inbox.handle, new Slots(2));
      await inbox.holds(26);
      await expectDepth(broker, queue, { waiting: 0, inFlight: 1 });
      done.open();
      await expectDepth(broker, queue, emptyDepth);
      expect(inbox.bodies.sort()).toEqual(['slow', ...bodies(25)].sort());
    });

    test('does not let an empty queue keep shared slots from a busy one', async ({ stage }) => {
      const [empty, busy] = [stage.queue(), stage.queue()];
      const broker = await stage.broker();
      const slots = new Slots(1);
      const inbox = new Inbox();
      await stage.consume(broker, empty, inbox.handle, slots);
      await stage.consume(broker, busy, inbox.handle, slots);
      await publishAll(broker, busy, bodies(3));
      await inbox.holds(3);
      expect(inbox.bodies.sort()).toEqual(bodies(3));
    });
  });
}
