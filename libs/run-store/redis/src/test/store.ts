import { systemRandom } from '@millrace/kernel';
import type { RunHead } from '@millrace/run-store';
import '@millrace/testkit';
import { Redis } from 'ioredis';
import { inject, onTestFinished } from 'vitest';
import { RedisRunStore, type RedisRunStoreOptions } from '../redis-run-store.js';

export const url = inject('redisUrl');
export const redis = new Redis(url);

export const newPrefix = (): string => `test-${Buffer.from(systemRandom.bytes(6)).toString('hex')}-`;
export const now = Date.UTC(2026, 0, 1);
export const timing = { claimedAt: now, settledAt: now, handlerMs: 1 };
export const headOf = (id: string): RunHead => ({
  id,
  tenant: 'acme',
  canvas: { kind: 'task', task: 'orders.dataset', args: [] },
  raw: { key: `raw/${id}`, bytes: 1, sha256: 'ab'.repeat(32), contentType: 'text/csv' },
  createdAt: now,
  finaliseAt: now + 9_000,
  deadlineAt: now + 10_000,
});

/** A store with keys of its own, on a connection that others use too; closed when the test is over. */
export function open(options: Omit<Partial<RedisRunStoreOptions>, 'url' | 'redis'> = {}): { store: RedisRunStore; prefix: string } {
  const prefix = newPrefix();
  const store = new RedisRunStore({ redis, prefix, ...options });
  onTestFinished(() => store.close());
  return { store, prefix };
}

/** The commands with `id` in them that Redis runs for one call, those within scripts included, in order. */
export async function commandsOf(id: string, call: () => Promise<unknown>): Promise<string[]> {
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
