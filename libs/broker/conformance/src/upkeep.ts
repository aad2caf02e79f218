import type { BrokerQueue, DeadLetter } from '@millrace/broker';
import { Slots, systemClock } from '@millrace/kernel';
import { describe, expect } from 'vitest';
import { emptyDepth, expectDepth } from './depth.js';
import { ack, Gate, Inbox, reject, release } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { bodies, message, type Stage, type StagedBroker, stagedTest, testTimeoutMs } from './stage.js';

const named = (letters: readonly DeadLetter[]): string[] => letters.map(({ body }) => body).sort();

export function exerciseUpkeep(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  /** Publishes messages and rejects them. */
  const dead = async (stage: Stage, queue: BrokerQueue, texts: readonly string[]): Promise<StagedBroker> => {
    const broker = await stage.broker();
    const consumer = await stage.consume(broker, queue, new Inbox(() => Promise.resolve(reject)).handle);
    await broker.publish(texts.map((body) => message(queue, body, { group: 'acme' })));
    await expectDepth(broker, queue, { ...emptyDepth, dead: texts.length });
    await consumer.stop();
    return broker;
  };

  const all = async (broker: StagedBroker, queue: BrokerQueue, limit = 100): Promise<DeadLetter[]> => {
    const letters: DeadLetter[] = [];
    for (let after: string | undefined; ; ) {
      const page = await broker.deadLetters.list(queue.name, { limit, ...(after !== undefined && { after }) });
      expect(page.letters.length).toBeLessThanOrEqual(limit);
      letters.push(...page.letters);
      if (page.next === undefined) return letters;
      after = page.next;
    }
  };

  describe('upkeep', { timeout: testTimeoutMs }, () => {
    test('lists and inspects dead letters with what is known of them', async ({ stage }) => {
      const queue = stage.queue({ maxDeliveries: 10 });
      const broker = await stage.broker();
      const inbox = new Inbox(({ deliveryCount }) => Promise.resolve(deliveryCount < 3 ? release(0) : reject));
      const before = systemClock.now();
      await stage.consume(broker, queue, inbox.handle);
      await broker.publish([message(queue, 'poison', { group: 'acme', priority: 4 })]);
      await expectDepth(broker, queue, { ...emptyDepth, dead: 1 });
      const letters = await all(broker, queue);
      expect(letters).toEqual([
        expect.objectContaining({ queue: queue.name, body: 'poison', reason: 'the test says so', deliveries: 3, id: expect.any(String) }),
      ]);
      const [letter] = letters;
      const { groupsTakeTurns, priorities } = broker.capabilities;
      expect(letter).toMatchObject({ ...(groupsTakeTurns && { group: 'acme' }), ...(priorities && { priority: 4 }) });
      for (const time of [letter?.publishedAt, letter?.diedAt]) {
        expect(time).toBeGreaterThan(before - 60_000);
        expect(time).toBeLessThan(systemClock.now() + 60_000);
      }
      expect(await broker.deadLetters.inspect(queue.name, letter?.id ?? '')).toEqual(letter);
      expect(await broker.deadLetters.inspect(queue.name, 'another')).toBeUndefined();
      await expectDepth(broker, queue, { ...emptyDepth, dead: 1 });
    });

    test('lists what was delivered too often, with a reason', async ({ stage }) => {
      const queue = stage.queue({ maxDeliveries: 2 });
      const broker = await stage.broker();
      await stage.consume(broker, queue, new Inbox(() => Promise.resolve(release(0))).handle);
      await broker.publish([message(queue, 'hopeless')]);
      await expectDepth(broker, queue, { ...emptyDepth, dead: 1 });
      expect(await all(broker, queue)).toEqual([expect.objectContaining({ body: 'hopeless', reason: expect.stringMatching(/2 times/) })]);
    });

    test('lists page by page', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await dead(stage, queue, bodies(13));
      for (const limit of [4, 13, 100]) expect(named(await all(broker, queue, limit))).toEqual(bodies(13).sort());
    });

    test('redrives one, once, and its deliveries count anew', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await dead(stage, queue, ['left', 'right']);
      const right = (await all(broker, queue)).find(({ body }) => body === 'right');
      expect(await broker.deadLetters.redrive(queue.name, right?.id ?? '')).toBe(true);
      expect(await broker.deadLetters.redrive(queue.name, right?.id ?? '')).toBe(false);
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      await inbox.holds(1);
      expect(inbox.deliveries[0]).toMatchObject({ body: 'right', deliveryCount: 1 });
      await expectDepth(broker, queue, { ...emptyDepth, dead: 1 });
      expect(named(await all(broker, queue))).toEqual(['left']);
    });

    test('redrives all that there are, and those that die again once', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await dead(stage, queue, bodies(25));
      const inbox = new Inbox(({ body }) => Promise.resolve(body === 'message 7' ? reject : ack));
      await stage.consume(broker, queue, inbox.handle);
      expect(await broker.deadLetters.redriveAll(queue.name)).toBe(25);
      await inbox.holds(25);
      expect(inbox.bodies.sort()).toEqual(bodies(25).sort());
      await expectDepth(broker, queue, { ...emptyDepth, dead: 1 });
      expect(await all(broker, queue)).toMatchObject([{ body: 'message 7', deliveries: 1 }]);
    });

    test('purges dead letters and nothing else', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await dead(stage, queue, bodies(12));
      await broker.publish([message(queue, 'waiting')]);
      expect(await broker.deadLetters.purge(queue.name)).toBe(12);
      expect(await all(broker, queue)).toEqual([]);
      expect(await broker.deadLetters.purge(queue.name)).toBe(0);
      const inbox = new Inbox();
      await stage.consume(broker, queue, inbox.handle);
      await inbox.holds(1);
      await expectDepth(broker, queue, emptyDepth);
    });

    test('purges what waits and nothing else', async ({ stage }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const broker = await stage.broker();
      const done = new Gate();
      const inbox = new Inbox(({ body }) => (body === 'dead' ? Promise.resolve(reject) : done.opened.then(() => ack)));
      await stage.consume(broker, queue, inbox.handle, new Slots(1));
      await broker.publish([message(queue, 'dead')]);
      await inbox.holds(1);
      await broker.publish([message(queue, 'in flight')]);
      await inbox.holds(2);
      const sent = ['acme', 'globex', undefined].flatMap((group) => bodies(20, `${group}`).map((body) => message(queue, body, group === undefined ? {} : { group })));
      await broker.publish([...sent, message(queue, 'urgent', { priority: 9 }), message(queue, 'later', { delayMs: 600_000 })]);
      expect(await broker.purge(queue.name)).toBe(61);
      done.open();
      await expectDepth(broker, queue, { ...emptyDepth, delayed: 1, dead: 1 });
      await broker.publish([message(queue, 'next', { group: 'acme' })]);
      await inbox.has('next');
      expect(inbox.bodies).toEqual(['dead', 'in flight', 'next']);
    });
  });
}
