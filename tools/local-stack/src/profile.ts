import { Redis } from 'ioredis';
import { messageOf } from '@millrace/kernel';
import { launchErrors } from './errors.js';

/** Which broker and stores to run on. */
export type Profile = { readonly name: 'aws' } | { readonly name: 'redis'; readonly url: string };

/** The redis profile where REDIS_URL is set, else the aws profile on emulators. */
export function profileFrom(env: NodeJS.ProcessEnv): Profile {
  return env.REDIS_URL ? { name: 'redis', url: env.REDIS_URL } : { name: 'aws' };
}

/** Throws MILLRACE_LAUNCH_REDIS unless Redis answers at `url` within three seconds. */
export async function requireRedis(url: string): Promise<void> {
  try {
    await withRedis(url, (redis) => redis.ping());
  } catch (cause) {
    throw launchErrors.error('MILLRACE_LAUNCH_REDIS', `no Redis answers at ${withoutPassword(url)} (${messageOf(cause)}): start it, or unset REDIS_URL to run on the built-in AWS emulators`, { cause });
  }
}

/** Deletes every key with `prefix` in its name. */
export async function dropKeys(url: string, prefix: string): Promise<void> {
  await withRedis(url, async (redis) => {
    for await (const keys of redis.scanStream({ match: `*${prefix}*`, count: 1000 })) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  });
}

async function withRedis<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 3000, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  let failure: Error | undefined;
  redis.on('error', (error: Error) => (failure = error));
  try {
    await redis.connect();
    return await use(redis);
  } catch (error) {
    throw failure ?? error;
  } finally {
    redis.disconnect();
  }
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'REDIS_URL, which is not a URL such as redis://127.0.0.1:6379';
  const parsed = new URL(url);
  if (parsed.password) parsed.password = '***';
  return parsed.href;
}
