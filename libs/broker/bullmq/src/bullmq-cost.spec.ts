import type { BrokerQueue, Disposition } from '@millrace/broker';
import { Slots } from '@millrace/kernel';
import { startRedis } from '@millrace/testkit';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BullmqBroker } from './bullmq-broker.js';

const queue: BrokerQueue = { name: 'q', leaseMs: 30_000, maxDeliveries: 20 };
const ack: Disposition = { kind: 'ack' };

async function ownRedis() {
  const server = await startRedis();
  const observer = new Redis(server.url);
  const broker = new BullmqBroker({ url: server.url });
  onTestFinished(async () => {
    await broker.close();
    observer.disconnect();
    await server.stop();
  });
  await broker.prepare([queue]);
  const publish = (prefix: string, count: number, priority = 0, group = '') =>
    broker.publish(Array.from({ length: count }, (_, i) => ({ queue: queue.name, id: `${prefix}${i}`, body: '{}', priority, group })));
  return { broker, publish, commands: () => commandsOf(observer) };
}

/** What the test itself asks for, and recovery by the clock. */
const observing = new Set(['info', 'llen', 'zcard']);

/** Commands so far, those inside scripts included. */
async function commandsOf(observer: Redis): Promise<number> {
  const stats = await observer.info('commandstats');
  const calls = Array.from(stats.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm), ([, name = '', count]) => ({ name, count: Number(count) }));
  return calls.filter(({ name }) => !observing.has(name)).reduce((sum, { count }) => sum + count, 0);
}

test('publishing a hundred messages at once takes 2 commands each and 3 for all', async () => {
  const { publish, commands } = await ownRedis();
  await publish('warm-up', 1);
  const before = await commands();
  await publish('m', 100);
  expect((await commands()) - before).toBe(203);
});

test('publishing a hundred messages with a priority at once takes 2 commands each and 4 for all', async () => {
  const { publish, commands } = await ownRedis();
  await publish('warm-up', 1);
  const before = await commands();
  await publish('m', 100, 9);
  expect((await commands()) - before).toBe(204);
});

test.for([
  [18, 'without a priority', 0],
  [19, 'with a priority', 9],
] as const)('a message that comes alone takes %i commands from publish to ack %s', async ([cost, , priority]) => {
  const { broker, publish, commands } = await ownRedis();
  let handled = 0;
  const consumer = broker.consume({ queue, slots: new Slots(10) }, () => {
    handled += 1;
    return Promise.resolve(ack);
  });
  const one = async (round: number) => {
    await publish(`r${round}-`, 1, priority);
    await vi.waitFor(async () => {
      expect(handled).toBe(round);
      expect(await broker.depth(queue.name)).toMatchObject({ inFlight: 0 });
    });
  };
  const costs: number[] = [];
  for (let round = 1; round <= 4; round++) {
    const before = await commands();
    await one(round);
    costs.push((await commands()) - before);
  }
  expect(Math.min(...costs)).toBe(cost); // the first sends the scripts, and recovery may look while a message is in flight
  await consumer.stop();
});

test('messages that wait in number take 7 commands each from publish to ack, ten at a time', async () => {
  const { broker, publish, commands } = await ownRedis();
  const before = await commands();
  await publish('m', 200);
  const consumer = broker.consume({ queue, slots: new Slots(10) }, () => Promise.resolve(ack));
  await vi.waitFor(async () => expect(await broker.depth(queue.name)).toMatchObject({ waiting: 0, inFlight: 0 }));
  const spent = (await commands()) - before;
  await consumer.stop();
  expect(spent / 200).toBeLessThan(7.5);
});

test('messages of one group take as many commands, and one more a call once many wait', async () => {
  const { publish, commands } = await ownRedis();
  await publish('warm-up', 1);
  const costOf = async (prefix: string, count: number) => {
    const before = await commands();
    await publish(prefix, count, 0, 'acme');
    return (await commands()) - before;
  };
  expect(await costOf('few', 10)).toBe(23);
  await publish('more', 100, 0, 'acme');
  expect(await costOf('many', 10)).toBe(24);
  expect(await costOf('one', 1)).toBe(6);
});

test.for([
  ['of nobody', ['']],
  ['of one group', ['acme']],
] as const)('taking messages %s that wait in number takes the same commands', async ([, groups]) => {
  expect(await costOfTaking(groups)).toBeLessThan(5);
});

test('taking messages of two groups by turns takes one or two commands more each', async () => {
  expect(await costOfTaking(['acme', 'globex'])).toBeLessThan(7);
});

/** Commands for each of 400 messages, taken ten at a time. */
async function costOfTaking(groups: readonly string[]): Promise<number> {
  const { broker, publish, commands } = await ownRedis();
  for (const group of groups) await publish(`m-${group}-`, 400 / groups.length, 0, group);
  const before = await commands();
  const consumer = broker.consume({ queue, slots: new Slots(10) }, () => Promise.resolve(ack));
  await vi.waitFor(async () => expect(await broker.depth(queue.name)).toMatchObject({ waiting: 0, inFlight: 0 }));
  const spent = (await commands()) - before;
  await consumer.stop();
  return spent / 400;
}
