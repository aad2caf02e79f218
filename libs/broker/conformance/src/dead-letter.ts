import { describe, expect } from 'vitest';
import { emptyDepth, expectDepth } from './depth.js';
import { ack, Inbox, reject, release } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { message, stagedTest, testTimeoutMs } from './stage.js';

export function exerciseDeadLetter(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  describe('dead letter', { timeout: testTimeoutMs }, () => {
    test('is what a rejected message becomes: kept, not delivered again', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const inbox = new Inbox(({ body }) => Promise.resolve(body === 'poison' ? reject : ack));
      await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'poison'), message(queue, 'sentinel', { delayMs: 2 * setup.leaseMs })]);
      await inbox.has('sentinel');
      expect(inbox.bodies).toEqual(['poison', 'sentinel']);
      await expectDepth(broker, queue, { ...emptyDepth, dead: 1 });
    });

    test('is what a message becomes after as many deliveries as the queue allows', async ({ stage }) => {
      const queue = stage.queue({ maxDeliveries: 3 });
      const broker = await stage.broker();
      const inbox = new Inbox(() => Promise.resolve(release(0)));
      await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'hopeless')]);
      await expectDepth(broker, queue, { ...emptyDepth, dead: 1 });
      expect(inbox.counts).toEqual([1, 2, 3]);
    });

    test('is what a message becomes whose every consumer dies', async ({ stage }) => {
      const queue = stage.queue({ maxDeliveries: 2 });
      const observer = await stage.broker();
      await observer.publish([message(queue, 'killer')]);
      const inbox = new Inbox(() => new Promise<never>(() => undefined));
      for (const deaths of [1, 2]) {
        const victim = await stage.broker();
        await stage.consume(victim, queue, inbox.handle);
        await inbox.holds(deaths);
        await victim.close();
      }
      const survivor = new Inbox();
      await stage.consume(observer, queue, survivor.handle);
      await expectDepth(observer, queue, { ...emptyDepth, dead: 1 });
      expect(inbox.counts).toEqual([1, 2]);
      expect(survivor.bodies).toEqual([]);
    });

    test('does not keep its id from being published again', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const inbox = new Inbox(({ body }) => Promise.resolve(body === 'poison' ? reject : ack));
      await stage.consume(broker, queue, inbox.handle);
      const { id } = message(queue, '');
      await broker.publish([message(queue, 'poison', { id })]);
      await expectDepth(broker, queue, { ...emptyDepth, dead: 1 });
      await broker.publish([message(queue, 'cured', { id })]);
      await inbox.has('cured');
      expect(inbox.bodies).toEqual(['poison', 'cured']);
    });
  });
}
