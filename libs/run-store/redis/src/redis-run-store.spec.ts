import type { StepAt } from '@millrace/run-store';
import { exerciseRunStore } from '@millrace/run-store-conformance';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { RedisRunStore } from './redis-run-store.js';
import { commandsOf, headOf, newPrefix, now, open, redis, timing, url } from './test/store.js';

afterAll(() => redis.quit());

const shared = newPrefix();
exerciseRunStore('redis', {
  create: () => new RedisRunStore({ url, prefix: shared }),
  createUnreachable: () => new RedisRunStore({ url: 'redis://127.0.0.1:1', prefix: shared }),
});

async function deliver(store: RedisRunStore, id: string): Promise<void> {
  await store.freeze(id, { frozenAt: now }, now + 5_000);
  await store.beginDelivery(id, { now, bodySha256: 'ab', leaseUntil: now + 20_000 });
  await store.endDelivery(id, { attempt: 1, entry: { at: now, status: 200, ms: 3 }, status: 'delivered' });
}

describe('what a call costs', () => {
  test('a claim and a settlement are three commands each while the next sweep moves away', async () => {
    const { store } = open();
    const id = newPrefix();
    await store.create(headOf(id), now + 1_000);
    await store.claim(id, { step: 'warm', sweepAt: now + 1_500 });
    const settle = (at: StepAt) => store.settle(id, at, { status: 'succeeded', result: { inline: 1 }, timing });
    await settle({ step: 'warm', sweepAt: now + 1_500 });
    const at = { step: '0', sweepAt: now + 1_600 };
    expect(await commandsOf(id, () => store.claim(id, at))).toEqual(['evalsha', 'hgetall', 'hset']);
    expect(await commandsOf(id, () => settle(at))).toEqual(['evalsha', 'hgetall', 'hset']);
    expect(await commandsOf(id, () => store.claim(id, at))).toEqual(['evalsha', 'hgetall']);
    expect(await commandsOf(id, () => store.claim(id, { step: '1', sweepAt: now + 999 }))).toEqual(['evalsha', 'hgetall', 'zadd', 'hset']);
  });

  test('a settlement that claims the next step costs no more, one that ends the run takes it out besides', async () => {
    const { store } = open();
    const id = newPrefix();
    await store.create(headOf(id), now + 1_000);
    await store.claim(id, { step: '0', sweepAt: now + 1_500 });
    const at = { step: '0', sweepAt: now + 1_600 };
    const settlement = { status: 'succeeded', result: { inline: 1 }, timing } as const;
    await store.settle(id, { ...at, step: 'warm' }, settlement);
    expect(await commandsOf(id, () => store.settle(id, at, settlement, { claim: '1' }))).toEqual(['evalsha', 'hgetall', 'hset']);
    const finish = () => store.settle(id, { ...at, step: '1' }, settlement, { finish: { frozenAt: now } });
    expect(await commandsOf(id, finish)).toEqual(['evalsha', 'hgetall', 'hset', 'hdel', 'zrem', 'pexpire']);
  });

  test('a touch is three commands, a refused one two', async () => {
    const { store } = open();
    const id = newPrefix();
    await store.create(headOf(id), now + 1_000);
    await store.touch(id, now + 1_100);
    expect(await commandsOf(id, () => store.touch(id, now + 1_200))).toEqual(['evalsha', 'hmget', 'hset']);
    expect(await commandsOf(id, () => store.touch(id, now + 1_200))).toEqual(['evalsha', 'hmget']);
  });

  test('a look at what is due is two commands when nothing is', async () => {
    const { store, prefix } = open();
    await store.due(now, 100);
    expect(await commandsOf(prefix, () => store.due(now, 100))).toEqual(['evalsha', 'zrangebyscore']);
  });
});

describe('keys', () => {
  test('of a shard have one hash tag, and due asks every shard', async () => {
    const { store, prefix } = open({ shards: 3 });
    const ids = Array.from({ length: 30 }, (_, i) => `run_${i}`);
    for (const [i, id] of ids.entries()) await store.create(headOf(id), now + i);
    const keys = await redis.keys(`{${prefix}*`);
    expect(new Set(keys.map((key) => key.slice(0, key.indexOf('}') + 1)))).toEqual(new Set([0, 1, 2].map((shard) => `{${prefix}${shard}}`)));
    expect(keys.filter((key) => key.endsWith('}:due'))).toHaveLength(3);
    expect(await store.due(now + 100, 100)).toEqual(ids);
    expect(await store.due(now + 100, 7)).toEqual(ids.slice(0, 7));
  });

  test('keep what a connection puts before all of its keys', async () => {
    const keyPrefix = newPrefix();
    const connection = new Redis(url, { keyPrefix });
    onTestFinished(() => connection.disconnect());
    const store = new RedisRunStore({ redis: connection });
    await store.create(headOf('run_1'), now + 100);
    await store.claim('run_1', { step: '0', sweepAt: now + 50 });
    expect(await store.due(now + 50, 10)).toEqual(['run_1']);
    expect((await redis.keys(`${keyPrefix}*`)).sort()).toEqual([`${keyPrefix}{mr0}:due`, `${keyPrefix}{mr0}:run:run_1`, `${keyPrefix}{mr0}:runs:acme`]);
  });

  test('with braces in their prefix are refused', () => {
    expect(() => new RedisRunStore({ url, prefix: 'a{b}' })).toThrow(TypeError);
  });
});

describe('a run that is over', () => {
  test('is kept for as long as it was asked, one that is not for ever', async () => {
    const { store, prefix } = open({ retentionMs: 3_600_000 });
    await store.create(headOf('run_1'), now);
    expect(await redis.pttl(`{${prefix}0}:run:run_1`)).toBe(-1);
    await deliver(store, 'run_1');
    expect(await redis.pttl(`{${prefix}0}:run:run_1`)).toBeGreaterThan(3_500_000);
    expect(await redis.pttl(`{${prefix}0}:run:run_1`)).toBeLessThanOrEqual(3_600_000);
    expect(await redis.zcard(`{${prefix}0}:due`)).toBe(0);
  });

  test.each(['finish', 'cancel'] as const)('by %s is kept for as long as its head says', async (end) => {
    const { store, prefix } = open({ retentionMs: 3_600_000 });
    await store.create({ ...headOf('run_1'), retentionMs: 60_000.5 }, now);
    await store[end]('run_1', { frozenAt: now });
    expect(await redis.pttl(`{${prefix}0}:run:run_1`)).toBeGreaterThan(50_000);
    expect(await redis.pttl(`{${prefix}0}:run:run_1`)).toBeLessThanOrEqual(60_001);
    expect(await redis.zcard(`{${prefix}0}:due`)).toBe(0);
  });

  test('by its last settlement is kept like others', async () => {
    const { store, prefix } = open({ retentionMs: 3_600_000 });
    await store.create(headOf('run_1'), now);
    await store.claim('run_1', { step: '0', sweepAt: now });
    await store.settle('run_1', { step: '0', sweepAt: now }, { status: 'succeeded', result: { inline: 1 }, timing }, { finish: { frozenAt: now } });
    expect(await redis.pttl(`{${prefix}0}:run:run_1`)).toBeGreaterThan(3_500_000);
    expect(await redis.zcard(`{${prefix}0}:due`)).toBe(0);
  });

  test('leaves the index also when its record is gone', async () => {
    const { store, prefix } = open();
    await store.create(headOf('run_1'), now);
    await redis.del(`{${prefix}0}:run:run_1`);
    expect(await store.due(now, 10)).toEqual([]);
    expect(await redis.zcard(`{${prefix}0}:due`)).toBe(0);
  });
});

test('runs that were put off do not hide those that are due', async () => {
  const { store } = open();
  const busy = Array.from({ length: 600 }, (_, i) => `busy_${i}`);
  await Promise.all(busy.map((id) => store.create(headOf(id), now)));
  await Promise.all(busy.map((id) => store.touch(id, now + 60_000)));
  await store.create(headOf('idle'), now + 1);
  await expect.poll(() => store.due(now + 1, 10)).toEqual(['idle']);
});

test('a connection that was given is left open', async () => {
  const { store } = open();
  await store.close();
  expect(await redis.ping()).toBe('PONG');
});
