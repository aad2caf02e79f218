import { readFileSync } from 'node:fs';
import type { Redis, Result } from 'ioredis';

type ScriptArguments = [queuePrefix: string, ...rest: Array<string | number>];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    millracePublish(...args: ScriptArguments): Result<null, Context>;
    millraceExchange(...args: ScriptArguments): Result<Array<string | number>, Context>;
    millraceExtend(...args: ScriptArguments): Result<number, Context>;
    millraceRecover(...args: ScriptArguments): Result<number, Context>;
    millraceRelease(...args: ScriptArguments): Result<null, Context>;
    millraceBury(...args: ScriptArguments): Result<null, Context>;
    millraceDeadLetters(...args: ScriptArguments): Result<string[][], Context>;
    millraceRedrive(...args: ScriptArguments): Result<number, Context>;
    millracePurgeDead(...args: ScriptArguments): Result<number, Context>;
    millracePurge(...args: ScriptArguments): Result<number, Context>;
  }
}

const scripts = {
  millracePublish: script('enqueue', 'publish'),
  millraceExchange: script('enqueue', 'exchange'),
  millraceExtend: script('extend'),
  millraceRecover: script('recover'),
  millraceRelease: script('release'),
  millraceBury: script('bury'),
  millraceDeadLetters: script('dead-letters'),
  millraceRedrive: script('enqueue', 'redrive'),
  millracePurgeDead: script('purge-dead'),
  millracePurge: script('purge'),
};

/** One of the Lua scripts in `../scripts`, after what it builds on; sent by its hash once the server has seen it. */
function script(...parts: readonly string[]) {
  const lua = parts.map((name) => readFileSync(new URL(`../scripts/${name}.lua`, import.meta.url), 'utf8')).join('');
  return { lua, numberOfKeys: 1 };
}

/** Makes the broker's scripts commands of a connection. */
export function withScripts(redis: Redis): Redis {
  for (const [name, script] of Object.entries(scripts)) redis.defineCommand(name, script);
  return redis;
}

/** A connection like `redis` for commands that block. It keeps them until there is a connection again. */
export function waitingClient(redis: Redis, onError: (error: unknown) => void): Redis {
  const client = redis.duplicate({ maxRetriesPerRequest: null, commandTimeout: undefined, socketTimeout: 10_000 });
  client.on('error', onError);
  return client;
}
