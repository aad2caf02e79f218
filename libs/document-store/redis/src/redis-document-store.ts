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
  documentStoreErrors,
  type ListOptions,
  type PutOptions,
  type RateLimit,
  type Taken,
  takenOf,
} from '@millrace/document-store';
import { type Clock, messageOf, systemClock } from '@millrace/kernel';
import { connection } from '@millrace/redis';
import type { Cluster, Redis } from 'ioredis';
import { bucketKey, type CollectionKeys, collectionKeys } from './keys.js';
import { Scripts } from './scripts.js';
import { Watches } from './watches.js';

export type RedisDocumentStoreOptions = {
  /** What every key begins with, without braces. Default `mr`. */
  readonly prefix?: string;
  /** Default the host's clock. */
  readonly clock?: Clock;
} & (
  | { readonly url: string }
  /** A connection that the store uses but does not close. */
  | { readonly redis: Redis | Cluster }
);

type Fields = readonly [value: string | null, version: string | null, expiresAt: string | null];

/**
 * Documents in Redis: a hash for each, and for each collection an index of its keys and one of what expires, in one hash
 * slot. It connects with the first call. What has expired is not told of any more, by the caller's clock, and removed by
 * whoever lists it or puts another that expires; Redis itself frees it a minute later. Redis must not evict
 * (`maxmemory-policy noeviction`).
 */
export class RedisDocumentStore implements DocumentStore {
  readonly #redis: Redis | Cluster;
  readonly #closeOwn: () => Promise<void>;
  readonly #scripts: Scripts;
  readonly #watches: Watches;
  readonly #prefix: string;
  readonly #clock: Clock;

  constructor(options: RedisDocumentStoreOptions) {
    const { prefix = 'mr', clock = systemClock } = options;
    if (/[{}]/.test(prefix)) throw new TypeError(`the prefix ${prefix} of the document store must not contain braces; they mark the hash tag`);
    const { redis, close } = connection(options);
    this.#redis = redis;
    this.#closeOwn = close;
    this.#scripts = new Scripts(this.#redis);
    this.#watches = new Watches(this.#redis);
    this.#prefix = prefix;
    this.#clock = clock;
  }

  async get(name: DocumentName): Promise<Document | undefined> {
    checkName(name);
    const fields = (await answered(this.#redis.hmget(this.#keysOf(name.collection).documents + name.key, 'v', 'n', 'x'))) as unknown as Fields;
    const document = toDocument(name, fields);
    return document?.expiresAt !== undefined && document.expiresAt <= this.#clock.now() ? undefined : document;
  }

  async put(name: DocumentName, value: string, { ifVersion, expiresAt }: PutOptions = {}): Promise<Change> {
    checkName(name);
    checkValue(name, value);
    const { documents, keys, expiry } = this.#keysOf(name.collection);
    const args = [name.key, value, this.#clock.now(), ifVersion ?? '', expiresAt ?? ''];
    const reply = await answered(this.#scripts.run('put', [documents + name.key, keys, expiry, documents], args));
    const [applied, ...fields] = reply as [number, ...Fields];
    const document = toDocument(name, fields);
    return { applied: applied === 1, ...(document && { document }) };
  }

  async remove(name: DocumentName, { ifVersion }: Pick<PutOptions, 'ifVersion'> = {}): Promise<boolean> {
    checkName(name);
    const { documents, keys, expiry } = this.#keysOf(name.collection);
    return (await answered(this.#scripts.run('remove', [documents + name.key, keys, expiry], [name.key, this.#clock.now(), ifVersion ?? '']))) === 1;
  }

  async list(collection: string, { prefix = '', after = '', limit }: ListOptions): Promise<readonly Document[]> {
    checkPart('collection', collection);
    checkLimit(limit);
    const to = prefix === '' ? '+' : `(${prefix}\x7f`;
    for (let from = after < prefix ? `[${prefix}` : after === '' ? '-' : `(${after}`; ; ) {
      const { documents, last } = await this.#page(collection, { from, to, limit });
      if (documents.length > 0 || last === '') return documents;
      from = `(${last}`;
    }
  }

  async take(bucket: string, limit: RateLimit, cost = 1): Promise<Taken> {
    checkPart('bucket', bucket);
    const { costMicros, capacityMicros } = cellsOf(limit, cost);
    const nowMicros = Math.floor(this.#clock.now()) * 1_000;
    const reply = await answered(this.#scripts.run('take', [bucketKey(this.#prefix, bucket)], [nowMicros, costMicros, capacityMicros]));
    const [allowed, aheadMicros] = reply as [number, number];
    return takenOf(limit, cost, { allowed: allowed === 1, aheadMicros });
  }

  async watch(collection: string, changed: () => void): Promise<() => Promise<void>> {
    checkPart('collection', collection);
    const { keyPrefix = '' } = this.#redis.options;
    return answered(this.#watches.watch(keyPrefix + this.#keysOf(collection).keys, changed));
  }

  /** There is nothing to be made; Redis is not asked. */
  async prepare(): Promise<void> {}

  async ping(): Promise<void> {
    await answered(this.#redis.ping());
  }

  async close(): Promise<void> {
    this.#watches.close();
    await this.#closeOwn();
  }

  /** `last` is the last key that was looked at, whether its document had expired or not; empty when there was none. */
  async #page(collection: string, { from, to, limit }: { from: string; to: string; limit: number }): Promise<{ documents: Document[]; last: string }> {
    const { documents, keys, expiry } = this.#keysOf(collection);
    const reply = await answered(this.#scripts.run('list', [keys, documents, expiry], [from, to, limit, this.#clock.now()]));
    const [last, ...found] = reply as [string, ...Array<[key: string, ...Fields]>];
    return { last, documents: found.flatMap(([key, ...fields]) => toDocument({ collection, key }, fields) ?? []) };
  }

  #keysOf(collection: string): CollectionKeys {
    return collectionKeys(this.#prefix, collection);
  }
}

function toDocument({ collection, key }: DocumentName, [value = null, version = null, expiresAt = null]: Fields | readonly []): Document | undefined {
  if (value === null) return undefined;
  return { collection, key, value, version: Number(version), ...(expiresAt !== null && { expiresAt: Number(expiresAt) }) };
}

async function answered<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (cause) {
    throw documentStoreErrors.error('MILLRACE_DOCUMENT_STORE_UNAVAILABLE', `the document store in Redis does not take a command: ${messageOf(cause)}`, { cause });
  }
}
