import { systemRandom } from '@millrace/kernel';
import type { RunHead, StepAt } from '@millrace/run-store';
import { exerciseRunStore } from '@millrace/run-store-conformance';
import '@millrace/testkit';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { RedisRunStore, type RedisRunStoreOptions } from './redis-run-store.js';

const url = inject('redisUrl');
const redis = new Redis(url);
afterAll(() => redis.quit());

const newPrefix = (): string => `test-${Buffer.from(systemRandom.bytes(6)).toString('hex')}-`;
const now = Date.UTC(2026, 0, 1);
const timing = { claimedAt: now, settledAt: now, handlerMs: 1 };
const headOf = (id: string): RunHead => ({
  id,
  tenant: 'acme',
  canvas: { kind: 'task', task: 'orders.dataset', args: [] },
  raw: { key: `raw/${id}`, bytes: 1, sha256: 'ab'.repeat(32), contentType: 'text/csv' },
  createdAt: now,
  finaliseAt: now + 9_000,
  deadlineAt: now + 10_000,
});

const shared = newPrefix();
exerciseRunStore('redis', {
  create: () => new RedisRunStore({ url, prefix: shared }),
  createUnreachable: () => new RedisRunStore({ url: 'redis://127.0.0.1:1', prefix: shared }),
});

function open(options: Omit<Partial<RedisRunStoreOptions>, 'url' | 'redis'> = {}): { store: RedisRunStore; prefix: string } {
  const prefix = newPrefix();
  const store = new RedisRunStore({ redis, prefix, ...options });
  onTestFinished(() => store.close());
  return { store, prefix };
}

/** The commands that Redis runs for one call, those within scripts included, in order. */
async function commandsOf(id: string, call: () => Promise<unknown>): Promise<string[]> {
  const monitor = await redis.monitor();
  const seen: string[][] = [];
  const end = newPrefix();
  const ended = new Promise<void>((resolve) => {
    monitor.on('monitor', (_time: string, args: string[]) => (args[1] === end ? resolve() : void seen.push(args)));
  });
  await call();
  await redis.echo(end);
  await ended;
  monitor.disconnect();
  return seen.filter((args) => args.some((arg) => arg.includes(id))).map(([name = '']) => name.toLowerCase());
}

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
    expect((await redis.keys(`${keyPrefix}*`)).sort()).toEqual([`${keyPrefix}{mr0}:due`, `${keyPrefix}{mr0}:run:run_1`]);
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
