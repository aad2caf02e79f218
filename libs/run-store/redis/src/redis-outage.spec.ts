import type { RunHead } from '@millrace/run-store';
import { type RedisServer, startRedis } from '@millrace/testkit';
import { Redis } from 'ioredis';
import { afterEach, expect, test, vi } from 'vitest';
import { RedisRunStore } from './redis-run-store.js';

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(...args: string[]): Promise<{ server: RedisServer; store: RedisRunStore }> {
  const server = await startRedis({ args });
  closers.push(() => server.stop());
  const store = new RedisRunStore({ url: server.url });
  closers.push(() => store.close());
  return { server, store };
}

const head: RunHead = {
  id: 'run_1',
  tenant: 'acme',
  canvas: { kind: 'task', task: 'orders.dataset', args: [] },
  raw: { key: 'raw/run_1', bytes: 1, sha256: 'ab'.repeat(32), contentType: 'text/csv' },
  createdAt: 1,
  finaliseAt: 2,
  deadlineAt: 3,
};
const at = { step: '0', sweepAt: 5 };
const unavailable = { code: 'MILLRACE_RUN_STORE_UNAVAILABLE', retryable: true };

test('a store whose Redis is killed rejects calls, and goes on when it is back', async () => {
  const { server, store } = await start('--appendonly', 'yes', '--appendfsync', 'always');
  await store.create(head, 1);
  await store.claim(head.id, at);
  await server.kill();
  await expect(store.claim(head.id, at)).rejects.toMatchObject(unavailable);
  await expect(store.read(head.id)).rejects.toMatchObject(unavailable);
  await server.restart();
  await vi.waitFor(async () => expect(await store.claim(head.id, at)).toMatchObject({ applied: true }), { timeout: 20_000, interval: 100 });
  expect((await store.read(head.id))?.steps['0']?.claims).toBeGreaterThanOrEqual(2);
});

test('a Redis without memory left refuses writes and still reads', async () => {
  const { server, store } = await start('--maxmemory-policy', 'noeviction');
  const admin = new Redis(server.url);
  closers.push(() => admin.disconnect());
  await store.create(head, 1);
  await admin.config('SET', 'maxmemory', '1');
  await expect(store.create({ ...head, id: 'run_2' }, 1)).rejects.toMatchObject({ ...unavailable, message: expect.stringContaining('maxmemory') });
  await expect(store.claim(head.id, at)).rejects.toMatchObject(unavailable);
  expect(await store.read(head.id)).toMatchObject({ status: 'received', rev: 1 });
  expect(await store.read('run_2')).toBeUndefined();
  await admin.config('SET', 'maxmemory', '0');
  expect(await store.claim(head.id, at)).toMatchObject({ applied: true, run: { rev: 2 } });
});

test('a Redis that has become a replica refuses writes, and a store goes on when it is a master again', async () => {
  const { server, store } = await start();
  const admin = new Redis(server.url);
  closers.push(() => admin.disconnect());
  await store.create(head, 1);
  await admin.replicaof('127.0.0.1', '1');
  await expect(store.claim(head.id, at)).rejects.toMatchObject({ ...unavailable, message: expect.stringMatching(/READONLY|read only/) });
  await admin.replicaof('NO', 'ONE');
  await vi.waitFor(async () => expect(await store.claim(head.id, at)).toMatchObject({ applied: true }), { timeout: 20_000, interval: 100 });
});

test('scripts that Redis has forgotten are sent again', async () => {
  const { server, store } = await start();
  const admin = new Redis(server.url);
  closers.push(() => admin.disconnect());
  await store.create(head, 1);
  await store.claim(head.id, at);
  await admin.script('FLUSH');
  expect(await store.claim(head.id, at)).toMatchObject({ applied: true, run: { rev: 3 } });
});
