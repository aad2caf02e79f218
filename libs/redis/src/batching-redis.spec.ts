import '@millrace/testkit';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { BatchingRedis } from './batching-redis.js';

let redis: BatchingRedis;
let writes: number;

beforeEach(async () => {
  redis = new BatchingRedis(inject('redisUrl'));
  await redis.ping();
  writes = 0;
  const socket = redis.stream as unknown as { _write: unknown; _writev: unknown };
  for (const name of ['_write', '_writev'] as const) {
    const original = socket[name] as (...args: unknown[]) => unknown;
    socket[name] = (...args: unknown[]) => (writes++, original.apply(socket, args));
  }
});

afterEach(() => redis.disconnect());

describe('BatchingRedis', () => {
  it('answers one command after the other', async () => {
    for (let i = 0; i < 20; i++) expect(await redis.echo(String(i))).toBe(String(i));
    expect(writes).toBe(20);
  });

  it('sends many at once in one write, and each gets its own answer', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => redis.echo(String(i))));
    expect(answers).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
    expect(writes).toBe(1);
  });

  it('goes on with chains that run beside each other', async () => {
    const chain = async (name: string) => {
      const seen: string[] = [];
      for (let i = 0; i < 30; i++) seen.push(await redis.echo(`${name}${i}`));
      return seen;
    };
    const chains = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(chain));
    expect(chains.flat()).toHaveLength(240);
    expect(chains[3]?.[7]).toBe('d7');
    expect(writes).toBeLessThan(240);
  });

  it('sends pipelines and transactions', async () => {
    const pending = redis.ping();
    const results = await redis.pipeline().set('batching-a', '1').get('batching-a').exec();
    expect(results?.[1]).toEqual([null, '1']);
    expect(await redis.multi().incr('batching-b').del('batching-a', 'batching-b').exec()).toHaveLength(2);
    expect(await pending).toBe('PONG');
  });

  it('goes on after the connection was lost, also in the middle of a batch', async () => {
    const before = Promise.allSettled(Array.from({ length: 50 }, () => redis.ping()));
    redis.stream.destroy();
    await before;
    expect(await redis.echo('again')).toBe('again');
    expect(await Promise.all(Array.from({ length: 50 }, (_, i) => redis.echo(String(i))))).toHaveLength(50);
  });

  it('lets a reply come that is larger than a packet', async () => {
    const large = 'x'.repeat(3_000_000);
    const [echoed, pong] = await Promise.all([redis.echo(large), redis.ping()]);
    expect(echoed).toBe(large);
    expect(pong).toBe('PONG');
  });
});
