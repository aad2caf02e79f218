/** Names one document. Both parts are printable ASCII without spaces, 1 to 200 characters. */
export interface DocumentName {
  /** Documents that are listed and watched together, such as `workers` or `endpoints:<tenant>`. */
  readonly collection: string;
  readonly key: string;
}

/** A small piece of state: what workers there are, an API key, a schedule's next time, a cached result. */
export interface Document extends DocumentName {
  /** JSON text, at most 256 KB; the store does not look into it. */
  readonly value: string;
  /** 1 when the document is made, one more with every change. A document made again begins at 1. */
  readonly version: number;
  /** From then on it is as if it had been removed; milliseconds since the epoch. Absent: kept until removed. */
  readonly expiresAt?: number;
}

export interface PutOptions {
  /** Only if the document has this version; 0: only if there is none. Absent: whatever is there is replaced. */
  readonly ifVersion?: number;
  readonly expiresAt?: number;
}

/** What a change came to, and the document as it was put or, if it was not, as it stands; undefined when there is none. */
export interface Change {
  readonly applied: boolean;
  readonly document?: Document;
}

export interface ListOptions {
  /** Only keys that begin so. */
  readonly prefix?: string;
  /** Only keys after this one: the last of the page before. */
  readonly after?: string;
  /** At most this many, 1 to 1,000. */
  readonly limit: number;
}

/** A bucket that refills at an even rate: at most `burst` at once, `perSecond` in the long run. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export interface Taken {
  /** Whether `cost` was taken; nothing is taken otherwise. */
  readonly allowed: boolean;
  /** What could be taken at once now, rounded down. */
  readonly remaining: number;
  /** How long until `cost` can be taken, in milliseconds; 0 when it was, Infinity when it is more than `burst`. */
  readonly retryAfterMs: number;
  /** How long until the bucket is full again, in milliseconds. */
  readonly fullAfterMs: number;
}

/**
 * Documents by collection and key, each changed atomically and alone. Times come from the caller's clock. All methods
 * reject with MILLRACE_DOCUMENT_STORE_UNAVAILABLE when the store does not answer, and with MILLRACE_DOCUMENT_NAME for a
 * name that is none.
 *
 * A change whose answer was lost is tried again, and may then be refused by what it did itself: let values that decide
 * a race name who put them.
 */
export interface DocumentStore {
  get(name: DocumentName): Promise<Document | undefined>;
  /** The new value and expiry, or absence of one, replace the old. Rejects with MILLRACE_DOCUMENT_TOO_LARGE. */
  put(name: DocumentName, value: string, options?: PutOptions): Promise<Change>;
  /** Resolves with whether there was such a document (of that version) to remove. */
  remove(name: DocumentName, options?: Pick<PutOptions, 'ifVersion'>): Promise<boolean>;
  /** In the order of the keys' bytes. A short page does not mean that it is the last; an empty one does. */
  list(collection: string, options: ListOptions): Promise<readonly Document[]>;
  /**
   * Takes `cost`, or 1, out of a bucket, atomically over all processes; with 0 it only looks. A bucket that nobody has
   * used is full; buckets have nothing to do with documents of the same name. The generic cell rate algorithm, see
   * https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm, to the microsecond.
   */
  take(bucket: string, limit: RateLimit, cost?: number): Promise<Taken>;
  /**
   * Calls `changed` within about a second after a document of the collection is put or removed, until the returned
   * function is called. It may be called without a change, and once for several; what happened before is not told.
   */
  watch(collection: string, changed: () => void): Promise<() => Promise<void>>;
  /** Creates tables and the like where missing; safe to call from several processes at once. */
  prepare(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
