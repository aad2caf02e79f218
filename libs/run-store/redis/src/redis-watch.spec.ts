import { startRedis } from '@millrace/testkit';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { RedisRunStore } from './redis-run-store.js';
import { commandsOf, headOf, newPrefix, now, open, redis, url } from './test/store.js';

afterAll(() => redis.quit());

const at = { step: '0', sweepAt: now + 1_600 };
const patience = { timeout: 20_000, interval: 10 };

describe('what watching costs', () => {
  test('one command for each transition or change of members of a run that is watched, none for others', async () => {
    const { store } = open();
    const id = newPrefix();
    await store.create(headOf(id), now + 1_000);
    await store.claimMembers(id, { ...at, members: [0] });
    const claim = () => store.claim(id, { ...at, step: '1' });
    const claimMembers = () => store.claimMembers(id, { ...at, members: [0] });
    await claim();
    expect(await commandsOf(id, claim)).toEqual(['evalsha', 'hgetall', 'hset']);
    await store.watch(id, () => undefined);
    expect(await commandsOf(id, claim)).toEqual(['evalsha', 'hgetall', 'hset', 'publish']);
    expect(await commandsOf(id, claimMembers)).toEqual(['evalsha', 'hmget', 'hmget', 'hset', 'hset', 'publish']);
  });

  test('one connection for any number of watches, from the first until the store is closed', async () => {
    const connectionName = newPrefix();
    const connection = new Redis(url, { connectionName });
    onTestFinished(() => connection.disconnect());
    const store = new RedisRunStore({ redis: connection, prefix: newPrefix() });
    /** To how many channels each connection of the store listens. */
    const channels = async () => {
      const clients = String(await redis.client('LIST')).split('\n').filter((client) => client.includes(connectionName));
      return clients.map((client) => Number(/ sub=(\d+)/.exec(client)?.[1])).sort((a, b) => a - b);
    };
    await store.create(headOf('run_1'), now);
    expect(await channels()).toEqual([0]);
    const stops = await Promise.all(['run_1', 'run_1', 'run_2', 'run_3'].map((id) => store.watch(id, () => undefined)));
    expect(await channels()).toEqual([0, 3]);
    await Promise.all(stops.slice(1).map((stop) => stop()));
    expect(await channels()).toEqual([0, 1]);
    await store.close();
    await expect.poll(channels, patience).toEqual([0]);
    await expect(store.watch('run_1', () => undefined)).rejects.toMatchObject({ code: 'MILLRACE_RUN_STORE_UNAVAILABLE' });
  });
});

test('a change of members is told', async () => {
  const { store } = open();
  await store.create(headOf('run_1'), now);
  const changed = vi.fn<() => void>();
  await store.watch('run_1', changed);
  await store.claimMembers('run_1', { ...at, members: [0] });
  await expect.poll(() => changed.mock.calls.length, patience).toBe(1);
  await store.changeMembers('run_1', at, new Map([[0, 'failed-try']]));
  await expect.poll(() => changed.mock.calls.length, patience).toBe(2);
});

test('a connection that puts something before all of its keys is told of the same runs', async () => {
  const connection = new Redis(url, { keyPrefix: newPrefix() });
  onTestFinished(() => connection.disconnect());
  const stores = [new RedisRunStore({ redis: connection }), new RedisRunStore({ redis: connection })] as const;
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
  await stores[0].create(headOf('run_1'), now);
  const changed = vi.fn<() => void>();
  await stores[0].watch('run_1', changed);
  await stores[1].claim('run_1', at);
  await expect.poll(() => changed.mock.calls.length, patience).toBe(1);
});

describe('after the connection that listens was lost', () => {
  test('everybody is called, and then told as before', async () => {
    const server = await startRedis();
    const admin = new Redis(server.url);
    const store = new RedisRunStore({ url: server.url });
    onTestFinished(async () => {
      await store.close();
      admin.disconnect();
      await server.stop();
    });
    for (const id of ['run_1', 'run_2']) await store.create(headOf(id), now);
    const seen = { run_1: vi.fn<() => void>(), run_2: vi.fn<() => void>() };
    await store.watch('run_1', seen.run_1);
    await store.watch('run_2', seen.run_2);
    await admin.hdel('{mr0}:run:run_2', 'wt'); // as when Redis has lost its latest writes
    expect(await admin.client('KILL', 'TYPE', 'pubsub')).toBe(1);
    await expect.poll(() => [seen.run_1.mock.calls.length, seen.run_2.mock.calls.length], patience).toEqual([1, 1]);
    await store.finish('run_2', { frozenAt: now });
    await expect.poll(() => seen.run_2.mock.calls.length, patience).toBe(2);
  });

  test('along with all of Redis, everybody is called when it is back', async () => {
    const server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    const store = new RedisRunStore({ url: server.url });
    onTestFinished(async () => {
      await store.close();
      await server.stop();
    });
    await store.create(headOf('run_1'), now);
    const changed = vi.fn<() => void>();
    await store.watch('run_1', changed);
    await server.kill();
    await server.restart();
    await expect.poll(() => changed.mock.calls.length, patience).toBeGreaterThan(0);
    changed.mockClear();
    await vi.waitFor(async () => expect(await store.cancel('run_1', { frozenAt: now })).toBeDefined(), patience);
    await expect.poll(() => changed.mock.calls.length, patience).toBeGreaterThan(0);
  });
});
