import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createDynamodbClient } from '@millrace/dynamodb';
import { type Clock, fnv1a, systemClock } from '@millrace/kernel';
import {
  decodeRecord,
  type DeliveryEnd,
  type FinalRecord,
  firstFields,
  inListOrder,
  type ListRuns,
  type MemberChange,
  type MembersAt,
  type MembersTransition,
  type RunHead,
  type RunPage,
  type RunRecord,
  type RunStatus,
  type RunStore,
  type SettleThen,
  type StepAt,
  type StepRecord,
  type StepSettlement,
  takeNewest,
  type Transition,
  type WatchScope,
} from '@millrace/run-store';
import { statusOf, toRecord } from './attributes.js';
import { storeError } from './dynamodb-errors.js';
import { RunTable } from './run-table.js';
import { Shards } from './shards.js';
import * as updates from './updates.js';
import { Watches } from './watches.js';

export interface DynamodbRunStoreOptions {
  readonly table: string;
  /** Goes to the DynamoDB client: `region`, `credentials`, and `endpoint` for a store that is not AWS. */
  readonly client: DynamoDBClientConfig;
  /**
   * Over how many partitions the index of what is due is spread; one takes about a thousand writes a second. `due` asks
   * each of them. May only grow while there are runs. Default 1.
   */
  readonly shards?: number;
  /** How long a run that is over is kept at least, in milliseconds, unless it says so itself. Default 15 days. */
  readonly retentionMs?: number;
  /** Hears the name of the operation at every request, such as `UpdateItem`. */
  readonly onCall?: (operation: string) => void;
  /** For the polls of `watch`. Default the host's clock. */
  readonly clock?: Clock;
}

const fifteenDaysMs = 15 * 24 * 3_600_000;

/**
 * Run records in a table of DynamoDB: an item for each run, one for each shard of a wide group, and a sparse index of
 * what is due. Every transition is one request, or two when `settle` is to claim a step that is settled; members take two.
 * A transition whose answer was lost is tried again and then refused by what it did itself.
 */
export class DynamodbRunStore implements RunStore {
  readonly #client: DynamoDBClient;
  readonly #table: RunTable;
  readonly #shards: Shards;
  readonly #watches: Watches;
  readonly #partitions: number;
  readonly #retentionMs: number;

  constructor({ table, client, shards = 1, retentionMs = fifteenDaysMs, onCall, clock = systemClock }: DynamodbRunStoreOptions) {
    this.#client = createDynamodbClient(client, onCall);
    this.#table = new RunTable(this.#client, table);
    this.#shards = new Shards(this.#table);
    this.#watches = new Watches(this.#table, clock);
    this.#partitions = shards;
    this.#retentionMs = retentionMs;
  }

  async create(head: RunHead, sweepAt: number): Promise<Transition> {
    const fields = firstFields(head, sweepAt);
    const sh = this.#partitionOf(head.id);
    const { applied, item } = await this.#table.put(head.id, { ...fields, ...updates.keeping(head, this.#retentionMs), ...updates.listing(head, sh), sh });
    const run = applied ? decodeRecord(fields) : toRecord(item);
    if (!run) throw storeError(this.#table.name, new Error(`run ${head.id} was there and is not any more`));
    return { applied, run };
  }

  async read(id: string): Promise<RunRecord | undefined> {
    return toRecord(await this.#table.get(id));
  }

  claim(id: string, at: StepAt): Promise<Transition | undefined> {
    return this.#transition(id, updates.claim(at));
  }

  settle(id: string, at: StepAt, settlement: StepSettlement, { claim, finish, knownRev = 0 }: SettleThen = {}): Promise<Transition | undefined> {
    if (finish) return this.#settleAndFinish(id, at, settlement, { final: finish, knownRev });
    if (claim !== undefined) return this.#settleAndClaim(id, at, settlement, claim);
    return this.#transition(id, updates.settle(at, settlement));
  }

  fail(id: string, at: StepAt): Promise<Transition | undefined> {
    return this.#transition(id, updates.fail(at));
  }

  snooze(id: string, at: StepAt): Promise<Transition | undefined> {
    return this.#transition(id, updates.snooze(at));
  }

  claimMembers(id: string, { members, ...at }: MembersAt): Promise<MembersTransition | undefined> {
    return this.#shards.change(id, at, new Map(members.map((member) => [member, 'claim'])));
  }

  changeMembers(id: string, at: Omit<MembersAt, 'members'>, changes: ReadonlyMap<number, MemberChange>): Promise<MembersTransition | undefined> {
    return this.#shards.change(id, at, changes);
  }

  readMembers(id: string, step: string): Promise<ReadonlyMap<number, StepRecord>> {
    return this.#shards.read(id, step);
  }

  async touch(id: string, sweepAt: number): Promise<RunStatus | undefined> {
    const { item } = await this.#table.update(id, updates.touch(sweepAt), 'UPDATED_NEW');
    return statusOf(item);
  }

  freeze(id: string, final: FinalRecord, sweepAt: number, knownRev = 0): Promise<Transition | undefined> {
    return this.#transition(id, updates.freeze({ final, knownRev }, sweepAt));
  }

  finish(id: string, final: FinalRecord, knownRev = 0): Promise<Transition | undefined> {
    return this.#transition(id, updates.end('finished', { final, knownRev }, this.#retentionMs));
  }

  cancel(id: string, final: FinalRecord): Promise<Transition | undefined> {
    return this.#transition(id, updates.end('cancelled', { final, knownRev: 0 }, this.#retentionMs));
  }

  beginDelivery(id: string, begin: Parameters<RunStore['beginDelivery']>[1]): Promise<Transition | undefined> {
    return this.#transition(id, updates.beginDelivery(begin));
  }

  endDelivery(id: string, end: DeliveryEnd): Promise<Transition | undefined> {
    return this.#transition(id, updates.endDelivery(end, this.#retentionMs));
  }

  putOffDelivery(id: string, putOff: Parameters<RunStore['putOffDelivery']>[1]): Promise<Transition | undefined> {
    return this.#transition(id, updates.putOffDelivery(putOff));
  }

  replayDelivery(id: string, sweepAt: number): Promise<Transition | undefined> {
    return this.#transition(id, updates.replayDelivery(sweepAt, this.#partitionOf(id)));
  }

  async due(now: number, limit: number): Promise<readonly string[]> {
    const found = await Promise.all(Array.from({ length: this.#partitions }, (_, partition) => this.#table.due(`${partition}`, now, limit)));
    return found
      .flat()
      .sort((a, b) => Number(a['sw']?.N) - Number(b['sw']?.N))
      .slice(0, limit)
      .map(({ id }) => id?.S ?? '');
  }

  async list(tenant: string, options: ListRuns): Promise<RunPage> {
    const shards = Array.from({ length: this.#partitions }, (_, shard) => this.#table.newest(updates.listedUnder(tenant, `${shard}`), options));
    const found = await Promise.all(shards.map((newest) => takeNewest(options, newest)));
    const places = found.flat().sort(inListOrder).slice(0, options.limit);
    const runs = await Promise.all(places.map(({ id }) => this.read(id)));
    const next = places[options.limit - 1];
    return { runs: runs.filter((run) => run !== undefined), ...(next ? { next } : {}) };
  }

  sweep(id: string, at: Parameters<RunStore['sweep']>[1]): Promise<Transition | undefined> {
    return this.#transition(id, updates.sweep(at));
  }

  /**
   * DynamoDB tells nobody of a change, so each watch asks for the run's rev and status at once and then every 250 ms, with
   * eventually consistent reads, until there is nothing more to tell. They are billed by the size of the whole record,
   * whatever the scope. When a later one fails, `changed` is called as well: whoever then reads the record meets the
   * failure.
   */
  async watch(id: string, changed: () => void, scope: WatchScope = 'all'): Promise<() => Promise<void>> {
    const stop = await this.#watches.begin(id, changed, scope);
    return async () => stop();
  }

  prepare(): Promise<void> {
    return this.#table.ensure();
  }

  ping(): Promise<void> {
    return this.#table.describe();
  }

  async close(): Promise<void> {
    this.#watches.close();
    this.#client.destroy();
  }

  /** Where a run is in the index of what is due. */
  #partitionOf(id: string): string {
    return `${fnv1a(id) % this.#partitions}`;
  }

  /** A step that is settled stays so: when it was in the way of its claim, the other is settled without. */
  async #settleAndClaim(id: string, at: StepAt, settlement: StepSettlement, next: string): Promise<Transition | undefined> {
    const both = await this.#transition(id, updates.settleAndClaim(at, settlement, next));
    if (!both || both.applied || !both.run.steps[next]?.settlement) return both;
    return this.#transition(id, updates.settle(at, settlement));
  }

  /** In a record that is older than the end it was to have, the step is settled all the same. */
  async #settleAndFinish(id: string, at: StepAt, settlement: StepSettlement, end: updates.KnownEnd): Promise<Transition | undefined> {
    const both = await this.#transition(id, updates.settleAndFinish(at, settlement, end, this.#retentionMs));
    if (!both || both.applied || both.run.rev >= end.knownRev) return both;
    return this.#transition(id, updates.settle(at, settlement));
  }

  async #transition(id: string, update: updates.Update): Promise<Transition | undefined> {
    const { applied, item } = await this.#table.update(id, update);
    const run = toRecord(item);
    return run && { applied, run };
  }
}
