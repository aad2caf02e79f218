import { Slots } from '@millrace/kernel';
import { describe, expect } from 'vitest';
import { emptyDepth, expectDepth } from './depth.js';
import { ack, Gate, Inbox } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { bodies, message, stagedTest, testTimeoutMs } from './stage.js';

export function exerciseShutdown(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  describe('shutdown', { timeout: testTimeoutMs }, () => {
    test('lets running handlers end, applies their dispositions and takes nothing more', async ({ stage }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const broker = await stage.broker();
      const done = new Gate();
      const inbox = new Inbox(async () => {
        await done.opened;
        return ack;
      });
      const slots = new Slots(1);
      const consumer = await stage.consume(broker, queue, inbox.handle, slots);
      await broker.publish([message(queue, 'running')]);
      await inbox.holds(1);
      let stopped = false;
      const stopping = consumer.stop().then(() => (stopped = true));
      await broker.publish(bodies(3).map((body) => message(queue, body)));
      await expectDepth(broker, queue, { waiting: 3, inFlight: 1 });
      expect(stopped).toBe(false);
      done.open();
      await stopping;
      await expectDepth(broker, queue, { ...emptyDepth, waiting: 3 });
      expect(inbox.bodies).toEqual(['running']);
      expect(slots.free).toBe(1);
    });

    test('may be asked for twice', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const consumer = await stage.consume(broker, queue, new Inbox().handle);
      await Promise.all([consumer.stop(), consumer.stop()]);
      await expect(consumer.stop()).resolves.toBeUndefined();
    });

    test('may follow the start at once', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      await broker.publish([message(queue, 'left alone or handled')]);
      const [early, late] = [new Inbox(), new Inbox()];
      const slots = new Slots(2);
      const consumer = broker.consume({ queue, slots }, early.handle);
      await consumer.stop();
      expect(slots.free).toBe(2);
      await stage.consume(broker, queue, late.handle);
      await expectDepth(broker, queue, emptyDepth);
      expect([...early.bodies, ...late.bodies]).toEqual(['left alone or handled']);
    });

    test('leaves the rest of a queue to another process, nothing lost and nothing twice', async ({ stage }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const [leaving, staying] = [await stage.broker(), await stage.broker()];
      const sent = bodies(80);
      await leaving.publish(sent.map((body) => message(queue, body)));
      const [before, after] = [new Inbox(), new Inbox()];
      const consumer = await stage.consume(leaving, queue, before.handle, new Slots(4));
      await before.holds(1);
      await consumer.stop();
      await leaving.close();
      await stage.consume(staying, queue, after.handle);
      await after.holds(sent.length - before.deliveries.length);
      await expectDepth(staying, queue, emptyDepth);
      expect([...before.bodies, ...after.bodies].sort()).toEqual(sent.toSorted());
    });

    test('of one consumer does not touch another of the same broker', async ({ stage }) => {
      const [left, right] = [stage.queue(), stage.queue()];
      const broker = await stage.broker();
      const slots = new Slots(2);
      const inbox = new Inbox();
      const leaving = await stage.consume(broker, left, inbox.handle, slots);
      await stage.consume(broker, right, inbox.handle, slots);
      await leaving.stop();
      await broker.publish([message(left, 'nobody'), message(right, 'somebody')]);
      await inbox.has('somebody');
      await expectDepth(broker, left, { waiting: 1 });
      expect(inbox.bodies).toEqual(['somebody']);
    });
  });
}
