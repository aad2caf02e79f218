import { exerciseDocumentStore } from '@millrace/document-store-conformance';
import { ManualClock, systemRandom } from '@millrace/kernel';
import '@millrace/testkit';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { RedisDocumentStore } from './redis-document-store.js';

const url = inject('redisUrl');
const redis = new Redis(url);
afterAll(() => redis.quit());

const newPrefix = (): string => `test-${Buffer.from(systemRandom.bytes(6)).toString('hex')}`;
const nowhere = 'redis://127.0.0.1:1';

const shared = newPrefix();
exerciseDocumentStore('redis', {
  create: (clock) => new RedisDocumentStore({ url, prefix: shared, clock }),
  createUnreachable: (clock) => new RedisDocumentStore({ url: nowhere, prefix: shared, clock }),
});

/** A store with keys of its own, on a connection that others use too; closed when the test is over. */
function open(): { store: RedisDocumentStore; prefix: string; clock: ManualClock } {
  const [prefix, clock] = [newPrefix(), new ManualClock()];
  const store = new RedisDocumentStore({ redis, prefix, clock });
  onTestFinished(() => store.close());
  return { store, prefix, clock };
}

/** The commands with `prefix` in them that Redis runs for one call, those within scripts included, in order. */
async function commandsOf(prefix: string, call: () => Promise<unknown>): Promise<string[]> {
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
  return seen.filter((args) => args.some((arg) => arg.includes(prefix))).map(([name = '']) => name.toLowerCase());
}

const name = { collection: 'workers', key: 'a' };
const limit = { perSecond: 10, burst: 5 };

test('what a call costs', async () => {
  const { store, prefix, clock } = open();
  await store.put({ ...name, key: 'warm' }, '1');
  await store.take('warm', limit);
  expect(await commandsOf(prefix, () => store.put(name, '1'))).toEqual(['evalsha', 'hmget', 'zadd', 'hset', 'publish']);
  expect(await commandsOf(prefix, () => store.put(name, '2'))).toEqual(['evalsha', 'hmget', 'hset', 'publish']);
  expect(await commandsOf(prefix, () => store.put(name, '2', { ifVersion: 0 }))).toEqual(['evalsha', 'hmget']);
  const expiring = ['evalsha', 'hmget', 'hset', 'pexpire', 'zadd', 'zrangebyscore', 'publish'];
  expect(await commandsOf(prefix, () => store.put(name, '3', { expiresAt: clock.now() + 100 }))).toEqual(expiring);
  expect(await commandsOf(prefix, () => store.get(name))).toEqual(['hmget']);
  expect(await commandsOf(prefix, () => store.take('bucket', limit))).toEqual(['evalsha', 'get', 'set']);
  expect(await commandsOf(prefix, () => store.take('bucket', limit, 0))).toEqual(['evalsha', 'get']);
});

test('keys of a collection have one hash tag and keep what a connection puts before all of them', async () => {
  const keyPrefix = newPrefix();
  const connection = new Redis(url, { keyPrefix });
  onTestFinished(() => connection.disconnect());
  const clock = new ManualClock();
  const store = new RedisDocumentStore({ redis: connection, clock });
  onTestFinished(() => store.close());
  const changed = vi.fn<() => void>();
  await store.watch('workers', changed);
  await store.put(name, '1', { expiresAt: clock.now() + 100 });
  await store.take('tenant:a', limit);
  const tag = `${keyPrefix}{mr:docs:workers}`;
  expect((await redis.keys(`${keyPrefix}*`)).sort()).toEqual([`${keyPrefix}mr:bucket:tenant:a`, `${tag}:doc:a`, `${tag}:expiry`, `${tag}:keys`]);
  await expect.poll(() => changed.mock.calls.length).toBeGreaterThan(0);
  expect(await store.list('workers', { limit: 10 })).toHaveLength(1);
});

describe('what has expired', () => {
  test('goes as others come that expire, without a list', async () => {
    const { store, prefix, clock } = open();
    for (let i = 0; i < 100; i++) {
      await store.put({ ...name, key: `key-${i}` }, '1', { expiresAt: clock.now() + 10 });
      await clock.advance(1);
    }
    expect(await redis.zcard(`{${prefix}:docs:workers}:keys`)).toBe(10);
    expect(await redis.zcard(`{${prefix}:docs:workers}:expiry`)).toBe(10);
    expect(await redis.keys(`*${prefix}*:doc:*`)).toHaveLength(10);
  });

  test('goes when it is listed', async () => {
    const { store, prefix, clock } = open();
    await store.put(name, '1', { expiresAt: clock.now() + 10 });
    await clock.advance(10);
    expect(await store.list('workers', { limit: 10 })).toEqual([]);
    expect(await redis.keys(`*${prefix}*`)).toEqual([]);
  });

  test('is freed by Redis a minute later, a bucket too once it is full', async () => {
    const { store, prefix, clock } = open();
    await store.put(name, '1', { expiresAt: clock.now() + 1_000 });
    expect(await redis.pttl(`{${prefix}:docs:workers}:doc:a`)).toBeGreaterThan(55_000);
    expect(await redis.pttl(`{${prefix}:docs:workers}:doc:a`)).toBeLessThanOrEqual(61_000);
    await store.put(name, '2');
    expect(await redis.pttl(`{${prefix}:docs:workers}:doc:a`)).toBe(-1);
    await store.take('bucket', limit);
    expect(await redis.pttl(`${prefix}:bucket:bucket`)).toBeGreaterThan(55_000);
    expect(await redis.pttl(`${prefix}:bucket:bucket`)).toBeLessThanOrEqual(60_100);
  });
});

describe('a connection', () => {
  test('is not made by a store that nobody uses, prepared and closed or not', async () => {
    const store = new RedisDocumentStore({ url: nowhere });
    await store.prepare();
    await expect(store.close()).resolves.toBeUndefined();
  });

  test('that was given is left open', async () => {
    const { store } = open();
    await store.close();
    expect(await redis.ping()).toBe('PONG');
  });

  test('that is lost and comes back has every watcher called', async () => {
    const clientName = newPrefix();
    const own = new Redis(url, { connectionName: clientName });
    onTestFinished(() => own.disconnect());
    const store = new RedisDocumentStore({ redis: own, prefix: newPrefix(), clock: new ManualClock() });
    onTestFinished(() => store.close());
    const changed = vi.fn<() => void>();
    await store.watch('workers', changed);
    const clients = String(await redis.client('LIST', 'TYPE', 'PUBSUB'));
    const listener = clients.split('\n').find((line) => line.includes(`name=${clientName}`));
    await redis.client('KILL', 'ID', Number(/id=(\d+)/.exec(listener ?? '')?.[1]));
    await expect.poll(() => changed.mock.calls.length, { timeout: 10_000 }).toBe(1);
    await store.put(name, '1');
    await expect.poll(() => changed.mock.calls.length, { timeout: 10_000 }).toBe(2);
  });

  test('that cannot be made has a watch reject as unavailable', async () => {
    const store = new RedisDocumentStore({ url: nowhere });
    onTestFinished(() => store.close());
    await expect(store.watch('workers', () => undefined)).rejects.toMatchObject({ code: 'MILLRACE_DOCUMENT_STORE_UNAVAILABLE' });
  });
});

test('braces in a prefix are refused', () => {
  expect(() => new RedisDocumentStore({ url, prefix: 'a{b}' })).toThrow(TypeError);
});
