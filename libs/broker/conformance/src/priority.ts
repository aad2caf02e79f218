import type { Broker } from '@millrace/broker';
import { sleep, Slots, systemClock } from '@millrace/kernel';
import { describe, expect } from 'vitest';
import { emptyDepth, expectDepth } from './depth.js';
import { ack, Gate, Inbox, release } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { message, stagedTest, testTimeoutMs } from './stage.js';

/** Ends the test where priorities do not count. */
function needPriorities({ capabilities }: Broker, skip: (note: string) => void): void {
  if (!capabilities.priorities) skip('the broker ignores priorities');
}

export function exercisePriority(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  describe('priority', { timeout: testTimeoutMs }, () => {
    test('is refused when it is no whole number from 0 to 9, and the others of its call are not', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const unfit = [-1, 10, 1.5, Number.NaN].map((priority) => message(queue, 'unfit', { priority }));
      const fit = [message(queue, 'lowest', { priority: 0 }), message(queue, 'highest', { priority: 9 })];
      const failures = await broker.publish([...unfit, ...fit]);
      expect(failures).toEqual(unfit.map((refused) => ({ message: refused, reason: expect.stringMatching(/priority.* from 0 to 9/) })));
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      await inbox.holds(2);
      expect(inbox.bodies.sort()).toEqual(['highest', 'lowest']);
    });

    test('puts the most urgent first, none last', async ({ stage, skip }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      needPriorities(broker, skip);
      await broker.publish([message(queue, '0'), ...[4, 9, 1, 0, 7].map((priority) => message(queue, `${priority}`, { priority }))]);
      await broker.publish([3, 9, 0, 8, 2, 6, 5, 4].map((priority) => message(queue, `${priority}`, { priority })));
      await expectDepth(broker, queue, { ...emptyDepth, waiting: 14 });
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle, new Slots(1));
      await inbox.holds(14);
      expect(inbox.bodies).toEqual(['9', '9', '8', '7', '6', '5', '4', '4', '3', '2', '1', '0', '0', '0']);
      await expectDepth(broker, queue, emptyDepth);
    });

    test('does not shorten a delay', async ({ stage, skip }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      needPriorities(broker, skip);
      await broker.publish([message(queue, 'urgent later', { priority: 9, delayMs: 2000 }), message(queue, 'now')]);
      await expectDepth(broker, queue, { waiting: 1, delayed: 1 });
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle, new Slots(1));
      await inbox.holds(2);
      expect(inbox.bodies).toEqual(['now', 'urgent later']);
    });

    test('counts once a delay is over', async ({ stage, skip }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const broker = await stage.broker();
      needPriorities(broker, skip);
      const done = new Gate();
      const inbox = new Inbox(async ({ body }) => {
        if (body === 'running') await done.opened;
        return ack;
      });
      await stage.consume(broker, queue, inbox.handle, new Slots(1));
      await broker.publish([message(queue, 'running')]);
      await inbox.holds(1);
      const late = [0, 2, 8].map((priority) => message(queue, `delayed ${priority}`, { priority, delayMs: 500 }));
      await broker.publish([...late, message(queue, 'waiting 0'), message(queue, 'waiting 5', { priority: 5 })]);
      await sleep(systemClock, 1000);
      done.open();
      await inbox.holds(6);
      expect(inbox.bodies.slice(0, 4)).toEqual(['running', 'delayed 8', 'waiting 5', 'delayed 2']);
      expect(inbox.bodies.slice(4).sort()).toEqual(['delayed 0', 'waiting 0']);
    });

    test('is kept by a message released', async ({ stage, skip }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const broker = await stage.broker();
      needPriorities(broker, skip);
      const inbox = new Inbox(async ({ body, deliveryCount }) => {
        if (body === 'slow') await sleep(systemClock, 1500);
        if (deliveryCount > 1) return ack;
        if (body === 'back at once') return release(0);
        return body === 'back later' ? release(1000) : ack;
      });
      const sent = { 'back at once': 6, 'back later': 5, slow: 4, 'less urgent': 2 };
      await broker.publish(Object.entries(sent).map(([body, priority]) => message(queue, body, { priority })));
      await stage.consume(broker, queue, inbox.handle, new Slots(1));
      await inbox.holds(6);
      expect(inbox.bodies).toEqual(['back at once', 'back at once', 'back later', 'slow', 'back later', 'less urgent']);
    });

    test('does not keep a message from coming again when its lease ran out', async ({ stage, skip }) => {
      const queue = stage.queue();
      const [doomed, survivor] = [await stage.broker(), await stage.broker()];
      needPriorities(survivor, skip);
      const hung = new Inbox(() => new Promise<never>(() => undefined));
      await stage.consume(doomed, queue, hung.handle);
      await doomed.publish([message(queue, 'orphan', { priority: 7 })]);
      await hung.holds(1);
      await doomed.close();
      const inbox = new Inbox();
      await stage.consume(survivor, queue, inbox.handle);
      await inbox.holds(1);
      expect(inbox.deliveries[0]).toMatchObject({ body: 'orphan', deliveryCount: 2 });
      await expectDepth(survivor, queue, emptyDepth);
    });

    test.for([
      ['messages of one priority', 5, 5],
      ['an urgent and a common message', 9, 0],
    ] as const)('lets every idle process wake for %s that come at once', async ([, left, right], { stage, skip }) => {
      const [queue, clock] = [stage.queue({ leaseMs: 30_000 }), stage.queue()];
      const [first, second] = [await stage.broker(), await stage.broker()];
      needPriorities(first, skip);
      const done = new Gate();
      const inbox = new Inbox(async ({ body }) => {
        if (body !== 'three seconds later') await done.opened;
        return ack;
      });
      await stage.consume(first, queue, inbox.handle, new Slots(1));
      await stage.consume(second, queue, inbox.handle, new Slots(1));
      await stage.consume(first, clock, inbox.handle);
      await first.publish([message(clock, 'three seconds later', { delayMs: 3000 })]);
      await first.publish([message(queue, 'left', { priority: left }), message(queue, 'right', { priority: right })]);
      await inbox.holds(3);
      expect(inbox.bodies.slice(0, 2).sort()).toEqual(['left', 'right']);
      done.open();
    });
  });
}
