import { redisInfoIn } from '@millrace/bench';
import type { Redis } from 'ioredis';
import { cpuMsOfTrees } from './process-tree.js';

/** What was used up. */
export interface Usage {
  /** User and system, of the processes and all that descend from them. */
  readonly processMs: number;
  readonly redisMs: number;
  /** Commands inside Lua scripts count too. */
  readonly commands: number;
  readonly bytesIn: number;
  /** Commands and scripts that held Redis for more than 2 ms. */
  readonly slow: number;
}

const slowMicroseconds = 2_000;

/** What some processes and their Redis use while something is done. */
export class UsageMeter {
  readonly #redis: Redis;
  readonly #roots: () => readonly number[];

  constructor(redis: Redis, roots: () => readonly number[]) {
    this.#redis = redis;
    this.#roots = roots;
  }

  async around<T>(act: () => Promise<T>): Promise<{ result: T; usage: Usage }> {
    await this.#redis.config('SET', 'slowlog-log-slower-than', slowMicroseconds);
    await this.#redis.config('SET', 'slowlog-max-len', 10_000);
    const before = await this.#read();
    const result = await act();
    const after = await this.#read();
    const usage = {
      processMs: after.processMs - before.processMs,
      redisMs: after.redisMs - before.redisMs,
      commands: after.commands - before.commands,
      bytesIn: after.bytesIn - before.bytesIn,
      slow: after.slow - before.slow,
    };
    return { result, usage };
  }

  async #read(): Promise<Usage> {
    const { cpuMs, commands, bytesIn } = redisInfoIn(await this.#redis.info());
    const slow = Number(await this.#redis.slowlog('LEN'));
    return { processMs: await cpuMsOfTrees(this.#roots()), redisMs: cpuMs, commands, bytesIn, slow };
  }
}
