import type { Redis } from 'ioredis';
import { BatchingRedis } from './batching-redis.js';

const longestWaitMs = 2_000;
const longestPauseMs = 500;

/** A connection that is made with the first command, and whose commands fail within about two seconds when Redis is away. */
export function connect(url: string): Redis {
  const redis = new BatchingRedis(url, {
    lazyConnect: true,
    connectTimeout: longestWaitMs,
    commandTimeout: longestWaitMs,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(50 * attempt, longestPauseMs),
    reconnectOnError: isReplica,
  });
  redis.on('error', () => undefined); // commands reject with the same error
  return redis;
}

/** After a failover the old master, if it is still connected, takes no writes any more. */
const isReplica = (error: Error): boolean => error.message.startsWith('READONLY');
