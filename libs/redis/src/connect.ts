import type { Cluster, Redis } from 'ioredis';
import { BatchingRedis } from './batching-redis.js';

const longestWaitMs = 2_000;
const longestPauseMs = 500;
const silenceMs = 5_000;

/**
 * A connection that is made with the first command, and whose commands fail within about two seconds when Redis is away.
 * A socket that stays silent for five while an answer is due is dead, and another takes its place.
 */
export function connect(url: string): Redis {
  const redis = new BatchingRedis(url, {
    lazyConnect: true,
    connectTimeout: longestWaitMs,
    commandTimeout: longestWaitMs,
    socketTimeout: silenceMs,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(50 * attempt, longestPauseMs),
    reconnectOnError: isReplica,
  });
  redis.on('error', () => undefined); // commands reject with the same error
  return redis;
}

/** After a failover the old master, if it is still connected, takes no writes any more. */
const isReplica = (error: Error): boolean => error.message.startsWith('READONLY');

/** Closes a connection, after what was sent over it was answered. */
export async function disconnect(redis: Redis): Promise<void> {
  if (redis.status === 'ready') await redis.quit();
  else redis.disconnect();
}

/** A connection of one's own, or one that was given; `close` closes no other than one's own. */
export function connection<R extends Redis | Cluster>(given: { readonly url: string } | { readonly redis: R }): { readonly redis: Redis | R; close(): Promise<void> } {
  if ('redis' in given) return { redis: given.redis, close: async () => undefined };
  const redis = connect(given.url);
  return { redis, close: () => disconnect(redis) };
}
