import type { Broker, BrokerQueue } from '@millrace/broker';
import { Slots } from '@millrace/kernel';
import { describe, expect } from 'vitest';
import { emptyDepth, expectDepth } from './depth.js';
import { ack, Gate, Inbox, release } from './inbox.js';
import type { BrokerSetup } from './setup.js';
import { bodies, message, type Stage, stagedTest, testTimeoutMs } from './stage.js';

/** Ends the test where groups do not take turns. */
function needTurns({ capabilities }: Broker, skip: (note: string) => void): void {
  if (!capabilities.groupsTakeTurns) skip('the broker shares out as it sees fit');
}

const of = (queue: BrokerQueue, group: string, count: number) => bodies(count, group).map((body) => message(queue, body, { group }));
const only = (inbox: Inbox, group: string) => inbox.bodies.filter((body) => body.startsWith(`${group} `));

export function exerciseGroups(setup: BrokerSetup): void {
  const test = stagedTest(setup);

  const deliverAll = async (stage: Stage, broker: Broker, { queue, count, slots = 1 }: { queue: BrokerQueue; count: number; slots?: number }): Promise<Inbox> => {
    const inbox = new Inbox();
    await stage.consume(broker, queue, inbox.handle, new Slots(slots));
    await inbox.holds(count);
    await expectDepth(broker, queue, emptyDepth);
    expect(new Set(inbox.bodies).size).toBe(count);
    return inbox;
  };

  describe('groups', { timeout: testTimeoutMs }, () => {
    test('lose nothing and share out nothing that is not there', async ({ stage }) => {
      const queue = stage.queue();
      const broker = await stage.broker();
      const sent = [...of(queue, 'a', 30), ...of(queue, 'b', 3), message(queue, 'of nobody'), ...of(queue, 'c', 40)];
      expect(await broker.publish(sent)).toEqual([]);
      const inbox = await deliverAll(stage, broker, { queue, count: sent.length, slots: 7 });
      expect(inbox.bodies.sort()).toEqual(sent.map(({ body }) => body).sort());
    });

    test('that have little to do are not delayed by one that floods the queue', async ({ stage, skip }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const broker = await stage.broker();
      needTurns(broker, skip);
      const flood = of(queue, 'flood', 400);
      await broker.publish(flood.slice(0, 200));
      for (const small of of(queue, 'small', 10)) await broker.publish([small]);
      await broker.publish(flood.slice(200));
      await expectDepth(broker, queue, { ...emptyDepth, waiting: 410 });
      const inbox = await deliverAll(stage, broker, { queue, count: 410 });
      expect(inbox.bodies.findLastIndex((body) => body.startsWith('small'))).toBeLessThan(40);
      expect(only(inbox, 'flood')).toEqual(bodies(400, 'flood'));
      expect(only(inbox, 'small')).toEqual(bodies(10, 'small'));
    });

    test('that all have much to do get equal shares, each in its order', async ({ stage, skip }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const broker = await stage.broker();
      needTurns(broker, skip);
      await broker.publish(of(queue, 'a', 100));
      await broker.publish([...of(queue, 'b', 50), ...of(queue, 'c', 50)]);
      const inbox = await deliverAll(stage, broker, { queue, count: 200, slots: 6 });
      const early = inbox.bodies.slice(0, 120);
      for (const group of ['a', 'b', 'c']) expect(early.filter((body) => body.startsWith(group)).length).toBeGreaterThanOrEqual(34);
    });

    test('keep their order when they come by turns', async ({ stage, skip }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const broker = await stage.broker();
      needTurns(broker, skip);
      const [a, b] = [of(queue, 'a', 60), of(queue, 'b', 60)];
      for (const [at, left] of a.entries()) await broker.publish([left, ...b.slice(at, at + 1)]);
      const inbox = await deliverAll(stage, broker, { queue, count: 120 });
      expect(only(inbox, 'a')).toEqual(bodies(60, 'a'));
      expect(only(inbox, 'b')).toEqual(bodies(60, 'b'));
    });

    test('flood the queue one after the other, and one alone is first come, first served', async ({ stage, skip }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const broker = await stage.broker();
      needTurns(broker, skip);
      const inbox = new Inbox();
      const consumer = await stage.consume(broker, queue, inbox.handle, new Slots(1));
      for (const [round, group] of ['a', 'b', 'a'].entries()) {
        await broker.publish(bodies(50, `${round}`).map((body) => message(queue, body, { group })));
        await inbox.holds(50 * (round + 1));
      }
      await consumer.stop();
      expect(inbox.bodies).toEqual(['0', '1', '2'].flatMap((round) => bodies(50, round)));
    });

    test('have their messages delayed, released and preferred like others', async ({ stage, skip }) => {
      const queue = stage.queue({ leaseMs: 30_000 });
      const broker = await stage.broker();
      needTurns(broker, skip);
      const urgent = of(queue, 'urgent', 2).map((sent) => ({ ...sent, priority: 5 }));
      const late = of(queue, 'late', 20).map((sent) => ({ ...sent, delayMs: 300 }));
      await broker.publish([...of(queue, 'a', 60), ...of(queue, 'b', 60), ...urgent, ...late]);
      await expectDepth(broker, queue, { ...emptyDepth, waiting: 122, delayed: 20 });
      const due = new Gate();
      const inbox = new Inbox(async ({ deliveryCount, body }) => {
        await due.opened;
        return deliveryCount === 1 && body === 'a 0' ? release(0) : ack;
      });
      await stage.consume(broker, queue, inbox.handle, new Slots(1));
      await inbox.holds(1);
      due.open();
      await inbox.holds(143);
      await expectDepth(broker, queue, emptyDepth);
      expect(inbox.bodies.slice(0, 2)).toEqual(bodies(2, 'urgent'));
      expect(new Set(inbox.bodies).size).toBe(142);
    });
  });
}
