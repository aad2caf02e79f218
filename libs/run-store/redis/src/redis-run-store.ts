import { fnv1a, messageOf } from '@millrace/kernel';
import {
  type DeliveryEnd,
  decodeRecord,
  type FinalRecord,
  firstFields,
  type RecordFields,
  type RunHead,
  type RunRecord,
  type RunStore,
  runStoreErrors,
  type StepAt,
  type StepSettlement,
  type Transition,
} from '@millrace/run-store';
import type { Cluster, Redis } from 'ioredis';
import { connect } from './connect.js';
import { Scripts, type TransitionName } from './scripts.js';

export type RedisRunStoreOptions = {
  /** What every key begins with, without braces. Default `mr`. */
  readonly prefix?: string;
  /** How long a run that is over is kept, in milliseconds. Default 15 days. */
  readonly retentionMs?: number;
  /**
   * Over how many hash slots of a Redis Cluster the runs are spread. `due` asks each of them. The same for all processes
   * and for as long as there are runs. Default 1.
   */
  readonly shards?: number;
} & (
  | { readonly url: string }
  /** A connection that the store uses but does not close. */
  | { readonly redis: Redis | Cluster }
);

const fifteenDaysMs = 15 * 24 * 3_600_000;

/** How many runs `due` looks at beyond those it is asked for, as some in the index may have been put off. */
const lookFurther = 250;

/**
 * Run records in Redis: a hash for each run, and one sorted set of what is due, under one hash tag. Every transition is
 * one Lua script. Redis must not evict (`maxmemory-policy noeviction`).
 */
export class RedisRunStore implements RunStore {
  readonly #redis: Redis | Cluster;
  readonly #isOwn: boolean;
  readonly #scripts: Scripts;
  readonly #tags: readonly string[];
  readonly #retentionMs: number;

  constructor(options: RedisRunStoreOptions) {
    const { prefix = 'mr', shards = 1, retentionMs = fifteenDaysMs } = options;
    if (/[{}]/.test(prefix)) throw new TypeError(`the prefix ${prefix} of the run store must not contain braces; they mark the hash tag`);
    this.#isOwn = 'url' in options;
    this.#redis = 'url' in options ? connect(options.url) : options.redis;
    this.#scripts = new Scripts(this.#redis);
    this.#tags = Array.from({ length: shards }, (_, shard) => `{${prefix}${shard}}`);
    this.#retentionMs = retentionMs;
  }

  async create(head: RunHead, sweepAt: number): Promise<Transition> {
    const fields = firstFields(head, sweepAt);
    const there = await answered(this.#scripts.run('create', this.#keysOf(head.id), [head.id, sweepAt, ...Object.entries(fields).flat()]));
    return there === null ? { applied: true, run: decodeRecord(fields) } : { applied: false, run: decodeRecord(fieldsOf(there as FlatFields)) };
  }

  async read(id: string): Promise<RunRecord | undefined> {
    const fields = await answered(this.#redis.hgetall(this.#keysOf(id)[0]));
    return fields['h'] === undefined ? undefined : decodeRecord(fields);
  }

  claim(id: string, { step, sweepAt }: StepAt): Promise<Transition | undefined> {
    return this.#transition(id, 'claim', [step, sweepAt]);
  }

  settle(id: string, { step, sweepAt }: StepAt, settlement: StepSettlement): Promise<Transition | undefined> {
    return this.#transition(id, 'settle', [step, sweepAt, JSON.stringify(settlement)]);
  }

  fail(id: string, { step, sweepAt }: StepAt): Promise<Transition | undefined> {
    return this.#transition(id, 'fail', [step, sweepAt]);
  }

  async touch(id: string, sweepAt: number): Promise<void> {
    await answered(this.#scripts.run('touch', [this.#keysOf(id)[0]], [sweepAt]));
  }

  freeze(id: string, final: FinalRecord, sweepAt: number): Promise<Transition | undefined> {
    return this.#transition(id, 'freeze', [JSON.stringify(final), sweepAt]);
  }

  beginDelivery(id: string, { now, bodySha256, leaseUntil }: Parameters<RunStore['beginDelivery']>[1]): Promise<Transition | undefined> {
    return this.#transition(id, 'begin-delivery', [now, bodySha256, leaseUntil]);
  }

  endDelivery(id: string, { attempt, entry, status, nextAt }: DeliveryEnd): Promise<Transition | undefined> {
    const args = [attempt, JSON.stringify(entry), status, nextAt ?? '', this.#retentionMs];
    return this.#transition(id, 'end-delivery', args);
  }

  async due(now: number, limit: number): Promise<readonly string[]> {
    const found = await Promise.all(
      this.#tags.map((tag) => answered(this.#scripts.run('due', [`${tag}:due`, `${tag}:run:`], [now, limit + lookFurther]))),
    );
    return (found.flat() as Array<[id: string, sweepAt: string]>)
      .sort(([, a], [, b]) => Number(a) - Number(b))
      .slice(0, limit)
      .map(([id]) => id);
  }

  sweep(id: string, { now, sweepAt }: Parameters<RunStore['sweep']>[1]): Promise<Transition | undefined> {
    return this.#transition(id, 'sweep', [now, sweepAt]);
  }

  async prepare(): Promise<void> {
    await this.ping();
  }

  async ping(): Promise<void> {
    await answered(this.#redis.ping());
  }

  async close(): Promise<void> {
    if (!this.#isOwn) return;
    if (this.#redis.status === 'ready') await this.#redis.quit();
    else this.#redis.disconnect();
  }

  async #transition(id: string, script: TransitionName, args: ReadonlyArray<string | number>): Promise<Transition | undefined> {
    const reply = await answered(this.#scripts.run(script, this.#keysOf(id), args));
    if (reply === null) return undefined;
    const [applied, fields] = reply as [number, FlatFields];
    return { applied: applied === 1, run: decodeRecord(fieldsOf(fields)) };
  }

  /** The record of a run, and the index that it is in. */
  #keysOf(id: string): [run: string, due: string] {
    const tag = this.#tags[fnv1a(id) % this.#tags.length];
    return [`${tag}:run:${id}`, `${tag}:due`];
  }
}

/** Fields and values by turns, as scripts return them. */
type FlatFields = ReadonlyArray<string | number>;

function fieldsOf(flat: FlatFields): RecordFields {
  const fields: Record<string, string | number> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[String(flat[i])] = flat[i + 1] ?? '';
  return fields;
}

async function answered<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (cause) {
    throw runStoreErrors.error('MILLRACE_RUN_STORE_UNAVAILABLE', `the run store in Redis does not take a command: ${messageOf(cause)}`, { cause });
  }
}
