import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import type { RedisServer } from './redis-server.js';
import { startRedis } from './start-redis.js';

let redis: RedisServer | undefined;
afterEach(() => redis?.stop());

async function ask(url: string, ...command: [string, ...string[]]): Promise<unknown> {
  const client = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  client.on('error', () => {}); // the command's own rejection says it
  return await client.call(...command).finally(() => client.disconnect());
}

it('keeps nothing on disk unless told to', async () => {
  redis = await startRedis();
  await ask(redis.url, 'SET', 'key', 'value');
  await redis.kill();
  await expect(ask(redis.url, 'GET', 'key')).rejects.toThrow('Connection is closed');
  await redis.restart();
  expect(await ask(redis.url, 'GET', 'key')).toBeNull();
});

it('comes back at the same url with what its append-only file has', async () => {
  redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  await ask(redis.url, 'SET', 'key', 'value');
  await redis.kill();
  await redis.restart();
  expect(await ask(redis.url, 'GET', 'key')).toBe('value');
});
