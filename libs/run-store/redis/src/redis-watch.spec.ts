import { startRedis } from '@millrace/testkit';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { RedisRunStore } from './redis-run-store.js';
import { commandsOf, headOf, newPrefix, now, open, redis, timing, url } from './test/store.js';

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

  test('one command in all to wait for the end of a run that was created for it, two more for others', async () => {
    const { store, prefix } = open();
    const other = new RedisRunStore({ redis, prefix });
    onTestFinished(() => other.close());
    const [id, late] = [newPrefix(), newPrefix()];
    await store.watch('warm', () => undefined, 'end');
    await store.create(headOf(late), now + 1_000);
    expect(await commandsOf(id, () => store.create(headOf(id), now + 1_000, { watched: 'end' }))).toEqual(['evalsha', 'hgetall', 'hset', 'zadd', 'zadd']);
    expect(await commandsOf(id, () => store.watch(id, () => undefined, 'end'))).toEqual([]);
    expect(await commandsOf(late, () => store.watch(late, () => undefined, 'end'))).toEqual(['evalsha', 'exists', 'hsetnx']);
    await other.claim(late, at);
    await other.freeze(late, { frozenAt: now }, now + 2_000);
    expect(await commandsOf(id, () => other.claim(id, at))).toEqual(['evalsha', 'hgetall', 'hset']);
    expect(await commandsOf(id, () => other.claimMembers(id, { ...at, step: '1', members: [0] }))).not.toContain('publish');
    expect(await commandsOf(id, () => other.freeze(id, { frozenAt: now }, now + 2_000))).toEqual(['evalsha', 'hgetall', 'hset', 'publish']);
    expect(await commandsOf(id, () => other.beginDelivery(id, { now, bodySha256: 'ab', leaseUntil: now + 3_000 }))).not.toContain('publish');
  });

  test('one command for all that one turn did', async () => {
    const { store } = open();
    const id = newPrefix();
    await store.create(headOf(id), now + 1_000);
    await store.watch(id, () => undefined);
    const settlement = { status: 'succeeded', result: { inline: 1 }, timing } as const;
    const claims = () => Promise.all(['0', '1', '2'].map((step) => store.claim(id, { ...at, step })));
    await claims();
    expect(await commandsOf(id, claims)).toEqual(['evalsha', 'hgetall', 'hset', 'publish']);
    const end = () => Promise.all(['0', '1'].map((step) => store.settle(id, { ...at, step }, settlement, step === '1' ? { finish: { frozenAt: now } } : {})));
    expect((await commandsOf(id, end)).filter((name) => name === 'publish')).toHaveLength(1);
  });

  test('one connection and a channel for the ends for any number of watches, from the first until the store is closed', async () => {
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
    expect(await channels()).toEqual([0, 4]);
    await Promise.all(['run_1', 'run_4', 'run_5'].map((id) => store.watch(id, () => undefined, 'end')));
    expect(await channels()).toEqual([0, 4]);
    await Promise.all(stops.slice(1).map((stop) => stop()));
    expect(await channels()).toEqual([0, 2]);
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

test('the ends of runs in all shards are told', async () => {
  const { store } = open({ shards: 3 });
  const ids = Array.from({ length: 12 }, (_, i) => `run_${i}`);
  const ended: string[] = [];
  for (const id of ids) {
    await store.create(headOf(id), now, { watched: 'end' });
    await store.watch(id, () => void ended.push(id), 'end');
  }
  for (const id of ids) await store.finish(id, { frozenAt: now });
  await expect.poll(() => ended.toSorted(), patience).toEqual(ids.toSorted());
});

test('a watch for everything makes more of one for the end, not the other way round', async () => {
  const { store, prefix } = open();
  const mark = () => redis.hget(`{${prefix}0}:run:run_1`, 'wt');
  await store.create(headOf('run_1'), now, { watched: 'end' });
  expect(await mark()).toBe('e');
  await store.watch('run_1', () => undefined);
  expect(await mark()).toBe('1');
  const other = new RedisRunStore({ redis, prefix });
  onTestFinished(() => other.close());
  await other.watch('run_1', () => undefined, 'end');
  expect(await mark()).toBe('1');
});

test('a connection that puts something before all of its keys is told of the same runs', async () => {
  const connection = new Redis(url, { keyPrefix: newPrefix() });
  onTestFinished(() => connection.disconnect());
  const stores = [new RedisRunStore({ redis: connection }), new RedisRunStore({ redis: connection })] as const;
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))));
  await stores[0].create(headOf('run_1'), now);
  const changed = vi.fn<() => void>();
  await stores[0].watch('run_1', changed);
  const ended = vi.fn<() => void>();
  await stores[1].watch('run_1', ended, 'end');
  await stores[1].claim('run_1', at);
  await expect.poll(() => changed.mock.calls.length, patience).toBe(1);
  await stores[0].cancel('run_1', { frozenAt: now });
  await expect.poll(() => [changed.mock.calls.length, ended.mock.calls.length], patience).toEqual([2, 1]);
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
    for (const id of ['run_1', 'run_2', 'run_3']) await store.create(headOf(id), now);
    const seen = { run_1: vi.fn<() => void>(), run_2: vi.fn<() => void>(), run_3: vi.fn<() => void>() };
    const calls = () => Object.values(seen).map(({ mock }) => mock.calls.length);
    await store.watch('run_1', seen.run_1);
    await store.watch('run_2', seen.run_2);
    await store.watch('run_3', seen.run_3, 'end');
    for (const id of ['run_2', 'run_3']) await admin.hdel(`{mr0}:run:${id}`, 'wt'); // as when Redis has lost its latest writes
    expect(await admin.client('KILL', 'TYPE', 'pubsub')).toBe(1);
    await expect.poll(calls, patience).toEqual([1, 1, 1]);
    for (const id of ['run_2', 'run_3']) {
      await store.claim(id, at);
      await store.finish(id, { frozenAt: now });
    }
    await expect.poll(calls, patience).toEqual([1, 3, 2]);
  });

  test('while nobody watched, whoever watches next is told', async () => {
    const server = await startRedis();
    const admin = new Redis(server.url);
    const store = new RedisRunStore({ url: server.url });
    onTestFinished(async () => {
      await store.close();
      admin.disconnect();
      await server.stop();
    });
    const channels = async () => /sub=(\d+)/.exec(String(await admin.call('CLIENT', 'LIST', 'TYPE', 'pubsub')))?.[1];
    await store.create(headOf('run_1'), now, { watched: 'end' });
    const stop = await store.watch('run_1', () => undefined, 'end');
    await stop();
    expect(await admin.client('KILL', 'TYPE', 'pubsub')).toBe(1);
    await expect.poll(channels, patience).toBe('1');
    const ended = vi.fn<() => void>();
    await store.watch('run_1', ended, 'end');
    await store.finish('run_1', { frozenAt: now });
    await expect.poll(() => ended.mock.calls.length, patience).toBe(1);
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
