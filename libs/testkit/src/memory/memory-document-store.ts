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
import { type Clock, systemClock } from '@millrace/kernel';

/** What stores share, as processes share a server. */
interface Shared {
  readonly collections: Map<string, Map<string, Document>>;
  /** The theoretical arrival time of each bucket, in microseconds. */
  readonly buckets: Map<string, number>;
  readonly watches: Map<string, Set<() => void>>;
}

/** Documents in maps: the port's contract with nothing around it. For tests of what lies above the port. */
export class MemoryDocumentStore implements DocumentStore {
  readonly #clock: Clock;
  readonly #shared: Shared;
  readonly #unwatch = new Set<() => void>();

  /** A store given another shares its documents, as processes share a server. */
  constructor(clock: Clock = systemClock, other?: MemoryDocumentStore) {
    this.#clock = clock;
    this.#shared = other ? other.#shared : { collections: new Map(), buckets: new Map(), watches: new Map() };
  }

  async get(name: DocumentName): Promise<Document | undefined> {
    checkName(name);
    return this.#standing(name);
  }

  async put(name: DocumentName, value: string, { ifVersion, expiresAt }: PutOptions = {}): Promise<Change> {
    checkName(name);
    checkValue(name, value);
    const there = this.#standing(name);
    const version = there?.version ?? 0;
    if (ifVersion !== undefined && ifVersion !== version) return { applied: false, ...(there && { document: there }) };
    const { collection, key } = name;
    const document = Object.freeze({ collection, key, value, version: version + 1, ...(expiresAt !== undefined && { expiresAt }) });
    this.#collection(collection).set(key, document);
    this.#tell(collection);
    return { applied: true, document };
  }

  async remove(name: DocumentName, { ifVersion }: Pick<PutOptions, 'ifVersion'> = {}): Promise<boolean> {
    checkName(name);
    const there = this.#standing(name);
    if (!there || (ifVersion !== undefined && ifVersion !== there.version)) return false;
    this.#collection(name.collection).delete(name.key);
    this.#tell(name.collection);
    return true;
  }

  async list(collection: string, { prefix = '', after = '', limit }: ListOptions): Promise<readonly Document[]> {
    checkPart('collection', collection);
    checkLimit(limit);
    const keys = [...this.#collection(collection).keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    return keys.flatMap((key) => this.#standing({ collection, key }) ?? []).slice(0, limit);
  }

  async take(bucket: string, limit: RateLimit, cost = 1): Promise<Taken> {
    checkPart('bucket', bucket);
    const { costMicros, capacityMicros } = cellsOf(limit, cost);
    const now = Math.floor(this.#clock.now()) * 1_000;
    const ahead = Math.max(0, (this.#shared.buckets.get(bucket) ?? 0) - now);
    const allowed = ahead + costMicros <= capacityMicros;
    if (allowed) this.#shared.buckets.set(bucket, now + ahead + costMicros);
    return takenOf(limit, cost, { allowed, aheadMicros: allowed ? ahead + costMicros : ahead });
  }

  async watch(collection: string, changed: () => void): Promise<() => Promise<void>> {
    checkPart('collection', collection);
    const watch = () => changed();
    const watches = this.#shared.watches.get(collection) ?? new Set();
    this.#shared.watches.set(collection, watches.add(watch));
    const unwatch = () => void watches.delete(watch);
    this.#unwatch.add(unwatch);
    return async () => {
      this.#unwatch.delete(unwatch);
      unwatch();
    };
  }

  async prepare(): Promise<void> {}
  async ping(): Promise<void> {}

  async close(): Promise<void> {
    for (const unwatch of this.#unwatch) unwatch();
    this.#unwatch.clear();
  }

  #collection(name: string): Map<string, Document> {
    const there = this.#shared.collections.get(name) ?? new Map<string, Document>();
    this.#shared.collections.set(name, there);
    return there;
  }

  #standing({ collection, key }: DocumentName): Document | undefined {
    const document = this.#collection(collection).get(key);
    if (document?.expiresAt === undefined || document.expiresAt > this.#clock.now()) return document;
    this.#collection(collection).delete(key);
    return undefined;
  }

  #tell(collection: string): void {
    const watches = this.#shared.watches.get(collection);
    for (const watch of watches ?? []) queueMicrotask(() => watches?.has(watch) && watch());
  }
}
