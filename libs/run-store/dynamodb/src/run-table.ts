import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ensureTable } from '@millrace/dynamodb';
import type { ListRuns, RecordFields, RunPosition } from '@millrace/run-store';
import { type Attributes, toAttributes } from './attributes.js';
import { storeError } from './dynamodb-errors.js';
import { dueIndex, tableShape, tenantIndex } from './table.js';
import type { Update } from './updates.js';

/** What a conditional write came to; the item of one that was refused is the one that was there, if there was one. */
export interface Written {
  readonly applied: boolean;
  readonly item: Attributes | undefined;
}

/** Requests on the table, one item each. What fails is told as `storeError`. */
export class RunTable {
  readonly #client: DynamoDBClient;
  readonly name: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.name = name;
  }

  async get(id: string): Promise<Attributes | undefined> {
    const get = new GetItemCommand({ TableName: this.name, Key: keyOf(id), ConsistentRead: true });
    const { Item } = await this.#call(() => this.#client.send(get));
    return Item;
  }

  /** Some attributes as they are or were a moment ago, at half the price of `get`. */
  async peek(id: string, names: readonly string[]): Promise<Attributes> {
    const get = new GetItemCommand({ TableName: this.name, Key: keyOf(id), ProjectionExpression: names.join(', ') });
    const { Item = {} } = await this.#call(() => this.#client.send(get));
    return Item;
  }

  /** Puts an item if its id is free. */
  put(id: string, fields: RecordFields): Promise<Written> {
    const put = new PutItemCommand({
      TableName: this.name,
      Item: { ...toAttributes(fields), ...keyOf(id) },
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    return this.#write(id, () => this.#client.send(put));
  }

  /** The item comes whole, or just the attributes that the update names. */
  update(id: string, { condition, update, names, values }: Update, returns: 'ALL_NEW' | 'UPDATED_NEW' = 'ALL_NEW'): Promise<Written> {
    const command = new UpdateItemCommand({
      TableName: this.name,
      Key: keyOf(id),
      ConditionExpression: condition,
      UpdateExpression: update,
      ...(names ? { ExpressionAttributeNames: names } : {}),
      ExpressionAttributeValues: toAttributes(values),
      ReturnValues: returns,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    return this.#write(id, () => this.#client.send(command));
  }

  async due(shard: string, now: number, limit: number): Promise<Attributes[]> {
    const query = new QueryCommand({
      TableName: this.name,
      IndexName: dueIndex,
      KeyConditionExpression: 'sh = :shard AND sw <= :now',
      ExpressionAttributeValues: toAttributes({ ':shard': shard, ':now': now }),
      Limit: limit,
    });
    const { Items = [] } = await this.#call(() => this.#client.send(query));
    return Items;
  }

  /** Gives some more of a tenant's runs in a shard with each call, newest first, and nothing once it is through. */
  newest(tenant: string, { limit, since = 0, until, after }: ListRuns): () => Promise<readonly RunPosition[]> {
    const latest = Math.min(after?.createdAt ?? Infinity, (until ?? Infinity) - 1, Number.MAX_SAFE_INTEGER);
    let key: Attributes | undefined;
    let isThrough = latest < since;
    return async () => {
      if (isThrough) return [];
      const query = new QueryCommand({
        TableName: this.name,
        IndexName: tenantIndex,
        KeyConditionExpression: 'tn = :tenant AND ca BETWEEN :since AND :latest',
        ExpressionAttributeValues: toAttributes({ ':tenant': tenant, ':since': Math.ceil(since), ':latest': latest }),
        ScanIndexForward: false,
        Limit: limit + 1,
        ...(key ? { ExclusiveStartKey: key } : {}),
      });
      const { Items = [], LastEvaluatedKey } = await this.#call(() => this.#client.send(query));
      key = LastEvaluatedKey;
      isThrough = key === undefined;
      return Items.map(({ id, ca }) => ({ id: id?.S ?? '', createdAt: Number(ca?.N) }));
    };
  }

  ensure(): Promise<void> {
    return this.#call(() => ensureTable(this.#client, this.name, tableShape));
  }

  async describe(): Promise<void> {
    await this.#call(() => this.#client.send(new DescribeTableCommand({ TableName: this.name })));
  }

  /** The item that did not meet a condition comes with the refusal, but for emulators that do not know of that. */
  async #write(id: string, request: () => Promise<{ Attributes?: Attributes | undefined }>): Promise<Written> {
    const reply = await this.#call(() => request().catch(refusalOf));
    if (!(reply instanceof ConditionalCheckFailedException)) return { applied: true, item: reply.Attributes };
    return { applied: false, item: reply.Item ?? (await this.get(id)) };
  }

  async #call<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (cause) {
      throw storeError(this.name, cause);
    }
  }
}

const keyOf = (id: string): Attributes => ({ id: { S: id } });

function refusalOf(thrown: unknown): ConditionalCheckFailedException {
  if (thrown instanceof ConditionalCheckFailedException) return thrown;
  throw thrown;
}
