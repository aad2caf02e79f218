import { readFileSync } from 'node:fs';
import type { Cluster, Redis } from 'ioredis';

const transitions = ['steps', 'freeze', 'begin-delivery', 'end-delivery', 'put-off-delivery', 'replay-delivery', 'end-run', 'sweep'] as const;
const membersUpdates = ['claim-members', 'change-members'] as const;

export type TransitionName = (typeof transitions)[number];
export type MembersUpdateName = (typeof membersUpdates)[number];
type ScriptName = TransitionName | MembersUpdateName | 'create' | 'touch' | 'due' | 'watch';
type Command = (...args: ReadonlyArray<string | number>) => Promise<unknown>;

/** The Lua scripts in `../scripts` as commands of a connection, which sends them by their hash once the server has seen them. */
export class Scripts {
  readonly #commands = new Map<ScriptName, Command>();

  constructor(redis: Redis | Cluster) {
    const define = (name: ScriptName, numberOfKeys: number, lua: string): void => {
      const command = `millrace-${name}`;
      redis.defineCommand(command, { numberOfKeys, lua });
      this.#commands.set(name, (Reflect.get(redis, command) as Command).bind(redis));
    };
    const record = read('record');
    for (const name of transitions) define(name, 2, `${record}\n${read(name)}`);
    const members = read('members');
    for (const name of membersUpdates) define(name, 3, `${members}\n${read(name)}`);
    define('create', 3, read('create'));
    define('touch', 1, read('touch'));
    define('due', 2, read('due'));
    define('watch', 1, read('watch'));
  }

  run(name: ScriptName, keys: readonly string[], args: ReadonlyArray<string | number>): Promise<unknown> {
    const command = this.#commands.get(name);
    if (!command) throw new RangeError(`there is no script ${name}`);
    return command(...keys, ...args);
  }
}

const read = (name: string): string => readFileSync(new URL(`../scripts/${name}.lua`, import.meta.url), 'utf8');
