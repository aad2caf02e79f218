import { ManualClock } from '@millrace/kernel';
import { type RedisServer, startRedis } from '@millrace/testkit';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RedisDocumentStore } from './redis-document-store.js';

async function start(...args: string[]): Promise<{ server: RedisServer; store: RedisDocumentStore }> {
  const server = await startRedis({ args });
  const store = new RedisDocumentStore({ url: server.url, clock: new ManualClock() });
  onTestFinished(async () => {
    await store.close();
    await server.stop();
  });
  return { server, store };
}

const name = { collection: 'workers', key: 'a' };
const unavailable = { code: 'MILLRACE_DOCUMENT_STORE_UNAVAILABLE', retryable: true };
const patience = { timeout: 20_000, interval: 100 };

test('a store whose Redis is killed rejects calls, and goes on when it is back, its watches too', async () => {
  const { server, store } = await start('--appendonly', 'yes', '--appendfsync', 'always');
  const changed = vi.fn<() => void>();
  await store.watch('workers', changed);
  await store.put(name, '1');
  await server.kill();
  await expect(store.put(name, '2')).rejects.toMatchObject(unavailable);
  await expect(store.get(name)).rejects.toMatchObject(unavailable);
  await server.restart();
  await vi.waitFor(async () => expect(await store.get(name)).toMatchObject({ value: expect.stringMatching(/^[12]$/) }), patience);
  changed.mockClear();
  await vi.waitFor(async () => {
    await store.put(name, '3');
    expect(changed).toHaveBeenCalled();
  }, patience);
});

test('a Redis without memory left refuses writes and still reads', async () => {
  const { server, store } = await start('--maxmemory-policy', 'noeviction');
  const admin = new Redis(server.url);
  onTestFinished(() => admin.disconnect());
  await store.put(name, '1');
  await admin.config('SET', 'maxmemory', '1');
  await expect(store.put(name, '2')).rejects.toMatchObject({ ...unavailable, message: expect.stringContaining('maxmemory') });
  expect(await store.get(name)).toMatchObject({ value: '1', version: 1 });
});

test('scripts that Redis has forgotten are sent again', async () => {
  const { server, store } = await start();
  const admin = new Redis(server.url);
  onTestFinished(() => admin.disconnect());
  await store.put(name, '1');
  await admin.script('FLUSH');
  expect(await store.put(name, '2')).toMatchObject({ applied: true, document: { version: 2 } });
});
