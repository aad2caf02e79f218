import { readFileSync } from 'node:fs';
import type { Cluster, Redis } from 'ioredis';

const numbersOfKeys = { put: 4, remove: 3, list: 3, take: 1 } as const;

type ScriptName = keyof typeof numbersOfKeys;
type Command = (...args: ReadonlyArray<string | number>) => Promise<unknown>;

/** The Lua scripts in `../scripts` as commands of a connection, each read when it is used first. */
export class Scripts {
  readonly #redis: Redis | Cluster;
  readonly #commands = new Map<ScriptName, Command>();

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  run(name: ScriptName, keys: readonly string[], args: ReadonlyArray<string | number>): Promise<unknown> {
    const command = this.#commands.get(name) ?? this.#define(name);
    return command(...keys, ...args);
  }

  #define(name: ScriptName): Command {
    const lua = readFileSync(new URL(`../scripts/${name}.lua`, import.meta.url), 'utf8');
    this.#redis.defineCommand(`millrace-documents-${name}`, { numberOfKeys: numbersOfKeys[name], lua });
    const command = (Reflect.get(this.#redis, `millrace-documents-${name}`) as Command).bind(this.#redis);
    this.#commands.set(name, command);
    return command;
  }
}
