import { describe, expect } from 'vitest';
import { emptyDepth, expectDepth } from './depth.js';
import { ack, Gate, Inbox } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { bodies, message, stagedTest, testTimeoutMs } from './stage.js';

export function exerciseAck(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  describe('ack', { timeout: testTimeoutMs }, () => {
    test('means never again', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'once'), message(queue, 'sentinel', { delayMs: 2 * setup.leaseMs })]);
      await inbox.has('sentinel');
      expect(inbox.bodies).toEqual(['once', 'sentinel']);
      await expectDepth(broker, queue, emptyDepth);
    });

    test('comes after the handler: until then the message is in flight', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const done = new Gate();
      const inbox = new Inbox(async ({ lease }) => {
        await lease.extend();
        await done.opened;
        return ack;
      });
      await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'held')]);
      await inbox.holds(1);
      await expectDepth(broker, queue, { waiting: 0, inFlight: 1 });
      done.open();
      await expectDepth(broker, queue, emptyDepth);
      expect(inbox.counts).toEqual([1]);
    });

    test('empties the queue of many messages', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      await broker.publish(bodies(60).map((body) => message(queue, body)));
      await expectDepth(broker, queue, { waiting: 60 });
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      await inbox.holds(60);
      await expectDepth(broker, queue, emptyDepth);
      expect(new Set(inbox.bodies).size).toBe(60);
    });
  });

  describe('the id of a message', { timeout: testTimeoutMs }, () => {
    test('may be used again after the ack', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      const { id } = message(queue, '');
      for (const body of ['first', 'second']) {
        await expectDepth(broker, queue, emptyDepth);
        await broker.publish([message(queue, body, { id })]);
        await inbox.has(body);
      }
      expect(inbox.bodies).toEqual(['first', 'second']);
    });

    test('drops a second message while the first waits, if the broker deduplicates', async ({ stage, skip }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      if (!broker.capabilities.deduplicates) skip('the broker does not deduplicate');
      const { id } = message(queue, '');
      expect(await broker.publish([message(queue, 'first', { id }), message(queue, 'doubled', { id })])).toEqual([]);
      expect(await broker.publish([message(queue, 'doubled again', { id })])).toEqual([]);
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'sentinel', { delayMs: 1000 })]);
      await inbox.has('sentinel');
      expect(inbox.bodies).toEqual(['first', 'sentinel']);
    });
  });
}
