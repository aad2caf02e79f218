import type { ProcessName, Stack } from '@millrace/local-stack';
import { serviceNames } from '@millrace/local-stack';
import type { Redis } from 'ioredis';
import { cpuMsOf, peakBytesOf, procFile, proportionalBytesOf } from './proc.js';
import { type Counts, countsIn, sumOf } from './prometheus.js';
import { type RedisInfo, redisInfoIn } from './redis-info.js';

export type Observed = ProcessName | 'redis';

/** What the processes have used up to one moment. */
export interface Reading {
  /** performance.now(). */
  readonly at: number;
  /** User and system milliseconds; a process that cannot be read is missing. */
  readonly cpuMs: ReadonlyMap<Observed, number>;
  readonly redis?: RedisInfo;
  /** AWS API calls of all services, by kind. */
  readonly awsCalls: Counts;
}

export interface Memory {
  /** The highest of the samples of proportional set size, in bytes. */
  readonly proportional: number;
  /** High-water mark of the resident set since the process began, in bytes. */
  readonly resident: number;
}

const sampleEveryMs = 1000;

/** Reads what the processes of a stack, and its Redis, use. */
export class Observer {
  readonly #stack: Stack;
  readonly #redis: Redis | undefined;
  readonly #proportional = new Map<Observed, number>();

  constructor(stack: Stack, redis?: Redis) {
    this.#stack = stack;
    this.#redis = redis;
  }

  async read(): Promise<Reading> {
    const redis = await this.#redisInfo();
    const cpuMs = await this.#each(this.#stack.pids(), cpuMsOf);
    if (redis) cpuMs.set('redis', redis.cpuMs);
    return { at: performance.now(), cpuMs, awsCalls: await this.#awsCalls(), ...(redis && { redis }) };
  }

  /** Samples memory until the returned function is called, which tells the peaks. */
  sampleMemory(): () => Promise<ReadonlyMap<Observed, Memory>> {
    const sample = async () => {
      const now = await this.#each(await this.#allPids(), proportionalBytesOf);
      for (const [name, bytes] of now) this.#proportional.set(name, Math.max(bytes, this.#proportional.get(name) ?? 0));
    };
    const timer = setInterval(() => void sample(), sampleEveryMs);
    return async () => {
      clearInterval(timer);
      await sample();
      const peaks = await this.#each(await this.#allPids(), peakBytesOf);
      return new Map([...peaks].map(([name, resident]) => [name, { resident, proportional: this.#proportional.get(name) ?? 0 }]));
    };
  }

  async #each(pids: ReadonlyMap<Observed, number>, read: (pid: number) => Promise<number | undefined>): Promise<Map<Observed, number>> {
    const values = await Promise.all([...pids].map(async ([name, pid]) => [name, await read(pid)] as const));
    return new Map(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
  }

  async #allPids(): Promise<ReadonlyMap<Observed, number>> {
    const pids = new Map<Observed, number>(this.#stack.pids());
    const redis = await this.#redisInfo();
    const isHere = redis && /redis|valkey/.test((await procFile(redis.processId, 'comm')) ?? '');
    return isHere ? pids.set('redis', redis.processId) : pids;
  }

  async #redisInfo(): Promise<RedisInfo | undefined> {
    return this.#redis && redisInfoIn(await this.#redis.info());
  }

  async #awsCalls(): Promise<Counts> {
    const texts = await Promise.all(serviceNames.map(async (service) => await (await fetch(`${this.#stack.healthUrl(service)}/metrics`)).text()));
    return sumOf(texts.map((text) => countsIn(text, 'millrace_aws_calls_total', 'kind')));
  }
}
