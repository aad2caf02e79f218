import { readFileSync } from 'node:fs';
import { BatchingRedis } from '@millrace/redis';
import { Redis, type RedisOptions, type Result } from 'ioredis';

type ScriptArguments = [queuePrefix: string, ...rest: Array<string | number>];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    millracePublish(...args: ScriptArguments): Result<null, Context>;
    millraceExchange(...args: ScriptArguments): Result<Array<string | number>, Context>;
    millraceRelease(...args: ScriptArguments): Result<null, Context>;
    millraceBury(...args: ScriptArguments): Result<null, Context>;
    millraceDeadLetters(...args: ScriptArguments): Result<string[][], Context>;
    millraceRedrive(...args: ScriptArguments): Result<number, Context>;
    millracePurgeDead(...args: ScriptArguments): Result<number, Context>;
    millracePurge(...args: ScriptArguments): Result<number, Context>;
  }
}

const common = {
  lazyConnect: true,
  scripts: {
    millracePublish: script('enqueue', 'publish'),
    millraceExchange: script('enqueue', 'exchange'),
    millraceRelease: script('release'),
    millraceBury: script('bury'),
    millraceDeadLetters: script('dead-letters'),
    millraceRedrive: script('enqueue', 'redrive'),
    millracePurgeDead: script('purge-dead'),
    millracePurge: script('purge'),
  },
  retryStrategy: (times: number) => Math.min(50 * 2 ** times, 1000),
  // a failover has left us with a replica: find the new primary and send the command again
  reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 2 : false),
} satisfies RedisOptions;

/** One of the Lua scripts in `../scripts`, after what it builds on; sent by its hash once the server has seen it. */
function script(...parts: readonly string[]) {
  const lua = parts.map((name) => readFileSync(new URL(`../scripts/${name}.lua`, import.meta.url), 'utf8')).join('');
  return { lua, numberOfKeys: 1 };
}

/**
 * A client that is not connected yet and reconnects by itself. Commands fail at once while there is no connection:
 * callers decide what to do without Redis. A socket silent for `socketTimeout` while an answer is due is dead.
 */
export function redisClient(url: string, onError: (error: unknown) => void): Redis {
  const client = new BatchingRedis(url, { ...common, enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 3000, socketTimeout: 5000 });
  client.on('error', onError);
  return client;
}

/** A client for commands that block. It keeps them until there is a connection again. */
export function waitingClient(url: string, onError: (error: unknown) => void): Redis {
  const client = new Redis(url, { ...common, maxRetriesPerRequest: null, socketTimeout: 10_000 });
  client.on('error', onError);
  return client;
}
