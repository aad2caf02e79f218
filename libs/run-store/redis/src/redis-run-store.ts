import { fnv1a, messageOf } from '@millrace/kernel';
import {
  type CreateOptions,
  decodeFlat,
  decodeRecord,
  type DeliveryEnd,
  type FinalRecord,
  type FlatFields,
  type MemberChange,
  type MembersAt,
  type MembersTransition,
  firstFields,
  type ListRuns,
  type RunHead,
  type RunPage,
  type RunRecord,
  type RunStatus,
  type RunStore,
  type SettleThen,
  runStoreErrors,
  type StepAt,
  type StepRecord,
  type StepSettlement,
  type Transition,
  type WatchScope,
} from '@millrace/run-store';
import { connection } from '@millrace/redis';
import type { Cluster, Redis } from 'ioredis';
import { ListedRuns } from './listed-runs.js';
import { decodeMembers, type MembersReply, membersTransition } from './members.js';
import { type MembersUpdateName, Scripts, type TransitionName } from './scripts.js';
import { StepBatches } from './step-batches.js';
import { Watches } from './watches.js';

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

/** No run takes longer, from its beginning to the last attempt to deliver its outcome. */
const longestRunMs = 7 * 24 * 3_600_000;

/** What stands in a record's `wt`, see scripts/record.lua. */
const marks: Readonly<Record<WatchScope, string>> = { all: '1', end: 'e' };

/** What stands for a change that is no settlement, see scripts/change-members.lua. */
const triesEnds = { 'failed-try': '', 'snoozed-try': 'z' } as const;

/** How many runs `due` looks at beyond those it is asked for, as some in the index may have been put off. */
const lookFurther = 250;

/**
 * Run records in Redis: a hash for each run and each shard of members, and one sorted set of what is due, under one hash
 * tag. Every transition is one Lua script; claims, settlements, failed and snoozed tries of one run that are asked for in one turn
 * of the event loop share one. Redis must not evict (`maxmemory-policy noeviction`).
 */
export class RedisRunStore implements RunStore {
  readonly #redis: Redis | Cluster;
  readonly #closeOwn: () => Promise<void>;
  readonly #scripts: Scripts;
  readonly #steps = new StepBatches((id, operations) => answered(this.#scripts.run('steps', this.#keysOf(id), operations)));
  readonly #tags: readonly string[];
  readonly #retentionMs: number;
  readonly #watches: Watches;
  readonly #listed: ListedRuns;

  constructor(options: RedisRunStoreOptions) {
    const { prefix = 'mr', shards = 1, retentionMs = fifteenDaysMs } = options;
    if (/[{}]/.test(prefix)) throw new TypeError(`the prefix ${prefix} of the run store must not contain braces; they mark the hash tag`);
    const { redis, close } = connection(options);
    this.#redis = redis;
    this.#closeOwn = close;
    this.#scripts = new Scripts(this.#redis);
    this.#tags = Array.from({ length: shards }, (_, shard) => `{${prefix}${shard}}`);
    this.#retentionMs = retentionMs;
    this.#listed = new ListedRuns(this.#redis, this.#tags);
    const { keyPrefix = '' } = this.#redis.options;
    this.#watches = new Watches(this.#redis, {
      ends: this.#tags.map((tag) => `${keyPrefix}${tag}:ended`),
      channelOf: (id) => keyPrefix + this.#keysOf(id)[0],
      mark: (id, scope) => this.#scripts.run('watch', [this.#keysOf(id)[0]], [marks[scope]]),
    });
  }

  async create(head: RunHead, sweepAt: number, { watched }: CreateOptions = {}): Promise<Transition> {
    const fields = firstFields(head, sweepAt);
    const own = [...(head.retentionMs === undefined ? [] : ['rt', Math.ceil(head.retentionMs)]), ...(watched ? ['wt', marks[watched]] : [])];
    const listing = head.raw ? [head.createdAt, head.createdAt - this.#retentionMs - longestRunMs] : ['', ''];
    const keys = [...this.#keysOf(head.id), this.#listed.indexOf(this.#tagOf(head.id), head.tenant)];
    const there = await answered(this.#scripts.run('create', keys, [head.id, sweepAt, ...listing, ...own, ...Object.entries(fields).flat()]));
    if (there !== null) return { applied: false, run: decodeFlat(there as FlatFields) };
    if (watched) this.#watches.created(head.id);
    return { applied: true, run: decodeRecord(fields) };
  }

  async read(id: string): Promise<RunRecord | undefined> {
    const fields = await answered(this.#redis.hgetall(this.#keysOf(id)[0]));
    return fields['h'] === undefined ? undefined : decodeRecord(fields);
  }

  claim(id: string, { step, sweepAt }: StepAt): Promise<Transition | undefined> {
    return this.#steps.add(id, ['claim', step, sweepAt]);
  }

  settle(id: string, { step, sweepAt }: StepAt, settlement: StepSettlement, { claim, finish, knownRev = 0 }: SettleThen = {}): Promise<Transition | undefined> {
    const settled = JSON.stringify(settlement);
    if (finish) return this.#steps.add(id, ['settle-finish', step, sweepAt, settled, JSON.stringify(finish), this.#retentionMs, knownRev]);
    return this.#steps.add(id, claim === undefined ? ['settle', step, sweepAt, settled] : ['settle-claim', step, sweepAt, settled, claim]);
  }

  fail(id: string, { step, sweepAt }: StepAt): Promise<Transition | undefined> {
    return this.#steps.add(id, ['fail', step, sweepAt]);
  }

  snooze(id: string, { step, sweepAt }: StepAt): Promise<Transition | undefined> {
    return this.#steps.add(id, ['snooze', step, sweepAt]);
  }

  async claimMembers(id: string, { step, members, sweepAt }: MembersAt): Promise<MembersTransition | undefined> {
    const reply = await this.#membersUpdate(id, 'claim-members', [step, sweepAt, ...members]);
    return reply && membersTransition(reply, members);
  }

  async changeMembers(id: string, { step, sweepAt }: StepAt, changes: ReadonlyMap<number, MemberChange>): Promise<MembersTransition | undefined> {
    const texts = [...changes.values()].map((change) => (typeof change === 'string' ? triesEnds[change] : JSON.stringify(change)));
    const reply = await this.#membersUpdate(id, 'change-members', [step, sweepAt, ...changes.keys(), ...texts]);
    return reply && membersTransition(reply, [...changes.keys()], changes);
  }

  async readMembers(id: string, step: string): Promise<ReadonlyMap<number, StepRecord>> {
    return decodeMembers(await answered(this.#redis.hgetall(this.#membersKeyOf(id, step))));
  }

  async touch(id: string, sweepAt: number): Promise<RunStatus | undefined> {
    const status = await answered(this.#scripts.run('touch', [this.#keysOf(id)[0]], [sweepAt]));
    return (status as RunStatus | null) ?? undefined;
  }

  freeze(id: string, final: FinalRecord, sweepAt: number, knownRev = 0): Promise<Transition | undefined> {
    return this.#transition(id, 'freeze', [JSON.stringify(final), sweepAt, knownRev]);
  }

  finish(id: string, final: FinalRecord, knownRev = 0): Promise<Transition | undefined> {
    return this.#transition(id, 'end-run', ['finished', JSON.stringify(final), this.#retentionMs, knownRev]);
  }

  cancel(id: string, final: FinalRecord): Promise<Transition | undefined> {
    return this.#transition(id, 'end-run', ['cancelled', JSON.stringify(final), this.#retentionMs, 0]);
  }

  beginDelivery(id: string, { now, bodySha256, leaseUntil }: Parameters<RunStore['beginDelivery']>[1]): Promise<Transition | undefined> {
    return this.#transition(id, 'begin-delivery', [now, bodySha256, leaseUntil]);
  }

  endDelivery(id: string, { attempt, entry, status, nextAt }: DeliveryEnd): Promise<Transition | undefined> {
    const args = [attempt, JSON.stringify(entry), status, nextAt ?? '', this.#retentionMs];
    return this.#transition(id, 'end-delivery', args);
  }

  putOffDelivery(id: string, { now, bodySha256, nextAt }: Parameters<RunStore['putOffDelivery']>[1]): Promise<Transition | undefined> {
    return this.#transition(id, 'put-off-delivery', [now, bodySha256, nextAt]);
  }

  replayDelivery(id: string, sweepAt: number): Promise<Transition | undefined> {
    return this.#transition(id, 'replay-delivery', [sweepAt]);
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

  async list(tenant: string, options: ListRuns): Promise<RunPage> {
    const places = await answered(this.#listed.places(tenant, options));
    const runs = await Promise.all(places.map(({ id }) => this.read(id)));
    const next = places[options.limit - 1];
    return { runs: runs.filter((run) => run !== undefined), ...(next ? { next } : {}) };
  }

  sweep(id: string, { now, sweepAt }: Parameters<RunStore['sweep']>[1]): Promise<Transition | undefined> {
    return this.#transition(id, 'sweep', [now, sweepAt]);
  }

  watch(id: string, changed: () => void, scope: WatchScope = 'all'): Promise<() => Promise<void>> {
    return answered(this.#watches.watch(id, changed, scope));
  }

  async prepare(): Promise<void> {
    await this.ping();
  }

  async ping(): Promise<void> {
    await answered(this.#redis.ping());
  }

  async close(): Promise<void> {
    this.#watches.close();
    this.#steps.flush();
    await this.#closeOwn();
  }

  async #transition(id: string, script: TransitionName, args: ReadonlyArray<string | number>): Promise<Transition | undefined> {
    const reply = await answered(this.#scripts.run(script, this.#keysOf(id), args));
    if (reply === null) return undefined;
    const [applied, fields] = reply as [number, FlatFields];
    return { applied: applied === 1, run: decodeFlat(fields) };
  }

  async #membersUpdate(id: string, script: MembersUpdateName, [step, ...rest]: readonly [string, ...Array<string | number>]): Promise<MembersReply | undefined> {
    const reply = await answered(this.#scripts.run(script, [...this.#keysOf(id), this.#membersKeyOf(id, step)], [step, ...rest]));
    return (reply as MembersReply | null) ?? undefined;
  }

  /** The record of a run, and the index that it is in. */
  #keysOf(id: string): [run: string, due: string] {
    const tag = this.#tagOf(id);
    return [`${tag}:run:${id}`, `${tag}:due`];
  }

  /** As members_of in record.lua has it. */
  #membersKeyOf(id: string, step: string): string {
    return `${this.#tagOf(id)}:members:${id}:${step}`;
  }

  #tagOf(id: string): string {
    return this.#tags[fnv1a(id) % this.#tags.length] ?? '';
  }
}

async function answered<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (cause) {
    throw runStoreErrors.error('MILLRACE_RUN_STORE_UNAVAILABLE', `the run store in Redis does not take a command: ${messageOf(cause)}`, { cause });
  }
}
