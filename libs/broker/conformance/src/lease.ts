import { sleep, Slots, systemClock } from '@millrace/kernel';
import { describe, expect } from 'vitest';
import { emptyDepth, expectDepth } from './depth.js';
import { ack, Gate, Inbox, leaseLost, release } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { message, stagedTest, testTimeoutMs } from './stage.js';

const never = new Promise<never>(() => undefined);

export function exerciseLease(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  describe('lease', { timeout: testTimeoutMs }, () => {
    test('of a consumer that died runs out, and another gets the message', async ({ stage }) => {
      const queue = stage.queue();
      const [doomed, survivor] = [await stage.broker(), await stage.broker()];
      const hung = new Inbox(() => never);
      await stage.consume(doomed, queue, hung.handle);
      await doomed.publish([message(queue, 'orphan')]);
      await hung.holds(1);
      await doomed.close();
      const inbox = new Inbox();
      await stage.consume(survivor, queue, inbox.handle);
      await inbox.holds(1);
      expect(inbox.deliveries[0]).toMatchObject({ body: 'orphan', deliveryCount: 2 });
      await expectDepth(survivor, queue, emptyDepth);
    });

    test('is kept by extending it for longer than it lasts', async ({ stage }) => {
      const queue = stage.queue();
      const [holder, rival] = [await stage.broker(), await stage.broker()];
      const extensions: boolean[] = [];
      const held = new Inbox(async ({ lease }) => {
        for (let third = 0; third < 8; third++) {
          await sleep(systemClock, setup.leaseMs / 3);
          extensions.push(await lease.extend());
        }
        return lease.lost.aborted ? release(0) : ack;
      });
      await stage.consume(holder, queue, held.handle);
      await holder.publish([message(queue, 'long')]);
      await held.holds(1);
      const inbox = new Inbox();
      await stage.consume(rival, queue, inbox.handle);
      await expectDepth(rival, queue, emptyDepth);
      expect(extensions).toEqual(Array.from({ length: 8 }, () => true));
      expect([...held.bodies, ...inbox.bodies]).toEqual(['long']);
    });

    test('that runs out is told to the handler, whose ack is then void', async ({ stage }) => {
      const queue = stage.queue();
      const [slow, heir] = [await stage.broker(), await stage.broker()];
      const [inherited, slowIsDone] = [new Gate(), new Gate()];
      const extended = new Gate<boolean>();
      const slowInbox = new Inbox(async (delivery) => {
        await leaseLost(delivery);
        await inherited.opened;
        extended.open(await delivery.lease.extend());
        return ack;
      });
      const heirInbox = new Inbox(async () => {
        inherited.open();
        if (heirInbox.deliveries.length > 1) return ack;
        await slowIsDone.opened;
        return release(0);
      });
      const slowConsumer = await stage.consume(slow, queue, slowInbox.handle, new Slots(1));
      await slow.publish([message(queue, 'contested')]);
      await slowInbox.holds(1);
      await stage.consume(heir, queue, heirInbox.handle, new Slots(1));
      await heirInbox.holds(1);
      await slowConsumer.stop();
      expect(await extended.opened).toBe(false);
      slowIsDone.open();
      await heirInbox.holds(2);
      expect(heirInbox.bodies).toEqual(['contested', 'contested']);
      await expectDepth(heir, queue, emptyDepth);
    });

    test('holds without extending while the handler is quick', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const lost: boolean[] = [];
      const inbox = new Inbox(async ({ lease }) => {
        await sleep(systemClock, setup.leaseMs / 4);
        lost.push(lease.lost.aborted);
        return ack;
      });
      await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'quick'), message(queue, 'sentinel', { delayMs: 2 * setup.leaseMs })]);
      await inbox.has('sentinel');
      await expectDepth(broker, queue, emptyDepth);
      expect(inbox.bodies).toEqual(['quick', 'sentinel']);
      expect(lost).toEqual([false, false]);
    });
  });
}
