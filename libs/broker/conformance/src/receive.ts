import { encodeTaskMessage } from '@millrace/contracts';
import { describe, expect } from 'vitest';
import { ack, Gate, Inbox } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { bodies, message, stagedTest, testTimeoutMs } from './stage.js';

const printable = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i)).join('');
const hint = encodeTaskMessage({ v: 1, run: 'run_01', step: 's0', task: 'orders.dataset', epoch: 0, deadlineAt: 1_767_225_600_000, tenant: 'acme' });

export function exerciseReceive(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  describe('receive', { timeout: testTimeoutMs }, () => {
    test('brings the body back byte for byte', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const sent = [printable, hint, '{}', '"', '\\u0041', ' a\tb\r\nc ', '12', 'null'];
      await broker.publish(sent.map((body) => message(queue, body)));
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      await inbox.holds(sent.length);
      expect(inbox.bodies.sort()).toEqual(sent.toSorted());
    });

    test('brings a body of the largest size', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const body = 'x'.repeat(broker.capabilities.maxBytes);
      expect(await broker.publish([message(queue, body)])).toEqual([]);
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      await inbox.holds(1);
      expect(inbox.bodies[0] === body).toBe(true);
    });

    test('names the queue, counts from one and starts with a lease that holds', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const lost = new Gate<boolean>();
      const inbox = new Inbox(({ lease }) => {
        lost.open(lease.lost.aborted);
        return Promise.resolve(ack);
      });
      await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'first')]);
      await inbox.holds(1);
      expect(inbox.deliveries[0]).toMatchObject({ queue: queue.name, body: 'first', deliveryCount: 1 });
      expect(await lost.opened).toBe(false);
    });

    test('delivers to a consumer that was there before the message, again and again', async ({ stage }) => {
      const queue = stage.queue();
      const [producer, worker] = [await stage.broker(), await stage.broker()];
      const inbox = new Inbox();
      await stage.consume(worker, queue, inbox.handle);
      for (const [at, body] of bodies(5).entries()) {
        await producer.publish([message(queue, body)]);
        await inbox.holds(at + 1);
      }
      expect(inbox.bodies).toEqual(bodies(5));
    });

    test('hands each message to one of two consumers, once', async ({ stage }) => {
      const queue = stage.queue();
      const [first, second] = [await stage.broker(), await stage.broker()];
      const inbox = new Inbox();
      await stage.consume(first, queue, inbox.handle);
      await stage.consume(second, queue, inbox.handle);
      await first.publish(bodies(40).map((body) => message(queue, body)));
      await inbox.holds(40);
      await first.publish([message(queue, 'sentinel', { delayMs: setup.leaseMs + 1000 })]);
      await inbox.has('sentinel');
      expect(inbox.bodies.sort()).toEqual([...bodies(40), 'sentinel'].sort());
    });

    test('two processes may prepare the same queues at once', async ({ stage }) => {
      const [first, second] = [await stage.broker(), await stage.broker()];
      const queue = stage.queue();
      await Promise.all([first.prepare([queue]), second.prepare([queue])]);
      await first.prepare([queue]);
      const inbox = new Inbox();
      await stage.consume(second, queue, inbox.handle);
      await first.publish([message(queue, 'hello')]);
      await inbox.holds(1);
      expect(inbox.bodies).toEqual(['hello']);
    });
  });
}
