import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ensureTable } from '@millrace/dynamodb';
import { unavailable } from './errors.js';
import { type Item, number, text } from './items.js';

/** What a conditional update came to; the item of one that was refused is the one that was there, if there was one. */
export interface Written {
  readonly applied: boolean;
  readonly item: Item | undefined;
}

export interface Update {
  readonly condition: string;
  readonly update: string;
  readonly values: Item;
}

/** Keys from one to another, both included, of items that have not expired. */
export interface Range {
  readonly collection: string;
  readonly from: string;
  readonly to: string;
  readonly now: number;
  readonly limit: number;
}

/** Requests on the table, all of them consistent. What fails is told as unavailable. The client is made by the first. */
export class DocumentTable {
  readonly #createClient: () => DynamoDBClient;
  readonly #name: string;
  #client: DynamoDBClient | undefined;

  constructor(createClient: () => DynamoDBClient, name: string) {
    this.#createClient = createClient;
    this.#name = name;
  }

  async get(key: Item): Promise<Item | undefined> {
    const { Item } = await this.#call((client) => client.send(new GetItemCommand({ TableName: this.#name, Key: key, ConsistentRead: true })));
    return Item;
  }

  /** The item that did not meet a condition comes with the refusal, but for emulators that do not know of that. */
  async update(key: Item, { condition, update, values }: Update): Promise<Written> {
    const command = new UpdateItemCommand({
      TableName: this.#name,
      Key: key,
      ConditionExpression: condition,
      UpdateExpression: update,
      ExpressionAttributeNames: { '#ttl': 'ttl' }, // a reserved word
      ExpressionAttributeValues: values,
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const reply = await this.#call((client) => client.send(command).catch(refusalOf));
    if (!(reply instanceof ConditionalCheckFailedException)) return { applied: true, item: reply.Attributes };
    return { applied: false, item: reply.Item ?? (await this.get(key)) };
  }

  /** Whether the item met the condition, and is removed. */
  async remove(key: Item, { condition, values }: Omit<Update, 'update'>): Promise<boolean> {
    const command = new DeleteItemCommand({ TableName: this.#name, Key: key, ConditionExpression: condition, ExpressionAttributeValues: values });
    const reply = await this.#call((client) => client.send(command).catch(refusalOf));
    return !(reply instanceof ConditionalCheckFailedException);
  }

  /** Items in the order of their keys; empty only when there is none left. */
  async page({ collection, from, to, now, limit }: Range): Promise<readonly Item[]> {
    let start: Item | undefined;
    do {
      const query = new QueryCommand({
        TableName: this.#name,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        FilterExpression: 'attribute_not_exists(x) OR x > :now',
        ExpressionAttributeValues: { ':pk': text(collection), ':from': text(from), ':to': text(to), ':now': number(now) },
        Limit: limit,
        ExclusiveStartKey: start,
      });
      const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await this.#call((client) => client.send(query));
      if (Items.length > 0) return Items;
      start = LastEvaluatedKey;
    } while (start);
    return [];
  }

  ensure(): Promise<void> {
    return this.#call((client) =>
      ensureTable(client, this.#name, {
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
  }

  async describe(): Promise<void> {
    await this.#call((client) => client.send(new DescribeTableCommand({ TableName: this.#name })));
  }

  close(): void {
    this.#client?.destroy();
  }

  async #call<T>(request: (client: DynamoDBClient) => Promise<T>): Promise<T> {
    try {
      return await request((this.#client ??= this.#createClient()));
    } catch (cause) {
      throw unavailable(this.#name, cause);
    }
  }
}

function refusalOf(thrown: unknown): ConditionalCheckFailedException {
  if (thrown instanceof ConditionalCheckFailedException) return thrown;
  throw thrown;
}
