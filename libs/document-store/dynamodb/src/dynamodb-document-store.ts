import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import {
  cellsOf,
  type Change,
  checkLimit,
  checkName,
  checkPart,
  checkValue,
  type Document,
  type DocumentName,
  type DocumentStore,
  type ListOptions,
  type PutOptions,
  type RateLimit,
  type Taken,
  takenOf,
} from '@millrace/document-store';
import { createDynamodbClient } from '@millrace/dynamodb';
import { type Clock, every, systemClock } from '@millrace/kernel';
import { Buckets } from './buckets.js';
import { DocumentTable, type Written } from './document-table.js';
import { keyOf, toDocument } from './items.js';
import { change, isThere, make, makeOrChange } from './updates.js';

export interface DynamodbDocumentStoreOptions {
  readonly table: string;
  /** Goes to the DynamoDB client: `region`, `credentials`, and `endpoint` for a store that is not AWS. */
  readonly client: DynamoDBClientConfig;
  /** Hears the name of the operation at every request, such as `UpdateItem`. */
  readonly onCall?: (operation: string) => void;
  /** Default the host's clock. */
  readonly clock?: Clock;
}

const watchMs = 1_000;

/**
 * Documents in a table of DynamoDB by collection and key, and rate limits beside them. A put or a take is one request, two
 * when the document has expired or the bucket has filled up meanwhile. The client is made with the first request. What has
 * expired is not told of any more, by the caller's clock; DynamoDB frees it later.
 */
export class DynamodbDocumentStore implements DocumentStore {
  readonly #table: DocumentTable;
  readonly #buckets: Buckets;
  readonly #clock: Clock;
  readonly #watches = new Set<() => void>();

  constructor({ table, client, onCall, clock = systemClock }: DynamodbDocumentStoreOptions) {
    this.#table = new DocumentTable(() => createDynamodbClient(client, onCall), table);
    this.#buckets = new Buckets(this.#table);
    this.#clock = clock;
  }

  async get(name: DocumentName): Promise<Document | undefined> {
    checkName(name);
    return toDocument(await this.#table.get(keyOf(name)), this.#clock.now());
  }

  async put(name: DocumentName, value: string, options: PutOptions = {}): Promise<Change> {
    checkName(name);
    checkValue(name, value);
    const now = this.#clock.now();
    const { applied, item } = await this.#put(name, { ...options, value, now });
    const document = toDocument(item, applied ? -Infinity : now);
    return { applied, ...(document && { document }) };
  }

  async remove(name: DocumentName, { ifVersion }: Pick<PutOptions, 'ifVersion'> = {}): Promise<boolean> {
    checkName(name);
    return this.#table.remove(keyOf(name), isThere(this.#clock.now(), ifVersion));
  }

  async list(collection: string, { prefix = '', after = '', limit }: ListOptions): Promise<readonly Document[]> {
    checkPart('collection', collection);
    checkLimit(limit);
    const now = this.#clock.now();
    const [from, to] = [after < prefix ? prefix : `${after} `, `${prefix}\x7f`];
    if (from > to) return [];
    const items = await this.#table.page({ collection, from, to, now, limit });
    return items.flatMap((item) => toDocument(item, now) ?? []);
  }

  async take(bucket: string, limit: RateLimit, cost = 1): Promise<Taken> {
    checkPart('bucket', bucket);
    const nowMicros = Math.floor(this.#clock.now()) * 1_000;
    return takenOf(limit, cost, await this.#buckets.take(bucket, cellsOf(limit, cost), nowMicros));
  }

  /** DynamoDB tells nobody of a change, so `changed` is called every second, without a request. */
  async watch(collection: string, changed: () => void): Promise<() => Promise<void>> {
    checkPart('collection', collection);
    const stopCalling = every(this.#clock, watchMs, async () => changed());
    const stop = (): void => {
      stopCalling();
      this.#watches.delete(stop);
    };
    this.#watches.add(stop);
    return async () => stop();
  }

  prepare(): Promise<void> {
    return this.#table.ensure();
  }

  ping(): Promise<void> {
    return this.#table.describe();
  }

  async close(): Promise<void> {
    for (const stop of this.#watches) stop();
    this.#table.close();
  }

  async #put(name: DocumentName, { ifVersion, ...put }: PutOptions & { readonly value: string; readonly now: number }): Promise<Written> {
    if (ifVersion !== undefined) return this.#table.update(keyOf(name), ifVersion === 0 ? make(put) : change(put, ifVersion));
    for (;;) {
      for (const update of [makeOrChange(put), make(put)]) {
        const written = await this.#table.update(keyOf(name), update);
        if (written.applied) return written;
      }
    }
  }
}
