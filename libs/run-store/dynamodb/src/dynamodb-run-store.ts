import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  type DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { fnv1a } from '@millrace/kernel';
import {
  decodeRecord,
  type DeliveryEnd,
  type FinalRecord,
  firstFields,
  type RunHead,
  type RunRecord,
  type RunStore,
  type StepAt,
  type StepSettlement,
  type Transition,
} from '@millrace/run-store';
import { type Attributes, toAttributes, toRecord } from './attributes.js';
import { createDynamodbClient } from './dynamodb-client.js';
import { storeError } from './dynamodb-errors.js';
import { dueIndex, ensureTable } from './table.js';
import * as updates from './updates.js';

export interface DynamodbRunStoreOptions {
  readonly table: string;
  /** Goes to the DynamoDB client: `region`, `credentials`, and `endpoint` for a store that is not AWS. */
  readonly client: DynamoDBClientConfig;
  /**
   * Over how many partitions the index of what is due is spread; one takes about a thousand writes a second. `due` asks
   * each of them. May only grow while there are runs. Default 1.
   */
  readonly shards?: number;
  /** How long a run that is over is kept at least, in milliseconds. Default 15 days. */
  readonly retentionMs?: number;
  /** Hears the name of the operation at every request, such as `UpdateItem`. */
  readonly onCall?: (operation: string) => void;
}

const fifteenDaysMs = 15 * 24 * 3_600_000;

/**
 * Run records in a table of DynamoDB: an item for each run, and a sparse index of what is due. Every transition is one
 * request. A transition whose answer was lost is tried again and then refused by what it did itself.
 */
export class DynamodbRunStore implements RunStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #shards: number;
  readonly #retentionMs: number;

  constructor({ table, client, shards = 1, retentionMs = fifteenDaysMs, onCall }: DynamodbRunStoreOptions) {
    this.#client = createDynamodbClient(client, onCall);
    this.#table = table;
    this.#shards = shards;
    this.#retentionMs = retentionMs;
  }

  async create(head: RunHead, sweepAt: number): Promise<Transition> {
    const fields = firstFields(head, sweepAt);
    const put = new PutItemCommand({
      TableName: this.#table,
      Item: toAttributes({ ...fields, id: head.id, sh: `${fnv1a(head.id) % this.#shards}` }),
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const refusal = await this.#call(() => this.#client.send(put).then(() => undefined, refusalOf));
    if (!refusal) return { applied: true, run: decodeRecord(fields) };
    const there = await this.#refused(head.id, refusal);
    if (!there) throw storeError(this.#table, new Error(`run ${head.id} was there and is not any more`));
    return there;
  }

  async read(id: string): Promise<RunRecord | undefined> {
    const get = new GetItemCommand({ TableName: this.#table, Key: { id: { S: id } }, ConsistentRead: true });
    const { Item } = await this.#call(() => this.#client.send(get));
    return Item && toRecord(Item);
  }

  claim(id: string, at: StepAt): Promise<Transition | undefined> {
    return this.#transition(id, updates.claim(at));
  }

  settle(id: string, at: StepAt, settlement: StepSettlement): Promise<Transition | undefined> {
    return this.#transition(id, updates.settle(at, settlement));
  }

  fail(id: string, at: StepAt): Promise<Transition | undefined> {
    return this.#transition(id, updates.fail(at));
  }

  async touch(id: string, sweepAt: number): Promise<void> {
    await this.#update(id, updates.touch(sweepAt), 'none');
  }

  freeze(id: string, final: FinalRecord, sweepAt: number): Promise<Transition | undefined> {
    return this.#transition(id, updates.freeze(final, sweepAt));
  }

  beginDelivery(id: string, begin: Parameters<RunStore['beginDelivery']>[1]): Promise<Transition | undefined> {
    return this.#transition(id, updates.beginDelivery(begin));
  }

  endDelivery(id: string, end: DeliveryEnd): Promise<Transition | undefined> {
    return this.#transition(id, updates.endDelivery(end, this.#retentionMs));
  }

  async due(now: number, limit: number): Promise<readonly string[]> {
    const shards = await Promise.all(Array.from({ length: this.#shards }, (_, shard) => this.#dueIn(`${shard}`, now, limit)));
    return shards
      .flat()
      .sort((a, b) => Number(a['sw']?.N) - Number(b['sw']?.N))
      .slice(0, limit)
      .map(({ id }) => id?.S ?? '');
  }

  sweep(id: string, at: Parameters<RunStore['sweep']>[1]): Promise<Transition | undefined> {
    return this.#transition(id, updates.sweep(at));
  }

  prepare(): Promise<void> {
    return this.#call(() => ensureTable(this.#client, this.#table));
  }

  async ping(): Promise<void> {
    await this.#call(() => this.#client.send(new DescribeTableCommand({ TableName: this.#table })));
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  async #transition(id: string, update: updates.Update): Promise<Transition | undefined> {
    const reply = await this.#update(id, update);
    if (reply instanceof ConditionalCheckFailedException) return this.#refused(id, reply);
    return { applied: true, run: toRecord(reply) };
  }

  /** The new item, or the exception when the condition does not hold, which has the old one. */
  async #update(id: string, change: updates.Update, returns: 'item' | 'none' = 'item'): Promise<Attributes | ConditionalCheckFailedException> {
    const { condition, update, names, values } = change;
    const command = new UpdateItemCommand({
      TableName: this.#table,
      Key: { id: { S: id } },
      ConditionExpression: condition,
      UpdateExpression: update,
      ...(names ? { ExpressionAttributeNames: names } : {}),
      ExpressionAttributeValues: toAttributes(values),
      ReturnValues: returns === 'item' ? 'ALL_NEW' : 'NONE',
      ReturnValuesOnConditionCheckFailure: returns === 'item' ? 'ALL_OLD' : 'NONE',
    });
    return this.#call(() => this.#client.send(command).then(({ Attributes = {} }) => Attributes, refusalOf));
  }

  /** The record that did not meet a condition comes with the refusal, but for emulators that do not know of that. */
  async #refused(id: string, { Item }: ConditionalCheckFailedException): Promise<Transition | undefined> {
    const run = Item ? toRecord(Item) : await this.read(id);
    return run && { applied: false, run };
  }

  async #dueIn(shard: string, now: number, limit: number): Promise<Attributes[]> {
    const query = new QueryCommand({
      TableName: this.#table,
      IndexName: dueIndex,
      KeyConditionExpression: 'sh = :shard AND sw <= :now',
      ExpressionAttributeValues: toAttributes({ ':shard': shard, ':now': now }),
      Limit: limit,
    });
    const { Items = [] } = await this.#call(() => this.#client.send(query));
    return Items;
  }

  async #call<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (cause) {
      throw storeError(this.#table, cause);
    }
  }
}

function refusalOf(thrown: unknown): ConditionalCheckFailedException {
  if (thrown instanceof ConditionalCheckFailedException) return thrown;
  throw thrown;
}
