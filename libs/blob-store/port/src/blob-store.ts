import type { Readable } from 'node:stream';

/** What a stored object is, without its bytes. */
export interface BlobInfo {
  readonly bytes: number;
}

/**
 * Immutable objects by key. Keys are `/`-separated segments of letters, digits, `.`, `_` and `-`, at most 512
 * characters, none empty or only dots; anything else is refused with MILLRACE_BLOB_KEY. All methods reject with
 * MILLRACE_BLOB_UNAVAILABLE when the store does not answer or cannot be written.
 */
export interface BlobStore {
  /**
   * Stores the object unless the key is taken; durable when it resolves. `created` is false, and nothing is changed,
   * when it is taken. A source that fails, or is longer than `maxBytes` (MILLRACE_BLOB_TOO_LARGE), leaves nothing behind.
   */
  putIfAbsent(key: string, source: Uint8Array | Readable, options?: { readonly maxBytes?: number }): Promise<{ readonly created: boolean } & BlobInfo>;

  /** Stores the object, taking the place of one that is there; readers see the old or the new, never a mixture. */
  put(key: string, bytes: Uint8Array): Promise<void>;

  /** All of an object, or its first `bytes` bytes. Rejects with MILLRACE_BLOB_NOT_FOUND. */
  get(key: string, options?: { readonly bytes?: number }): Promise<Uint8Array>;

  /** Undefined when there is no such object. */
  stat(key: string): Promise<BlobInfo | undefined>;

  /** Keys that begin with `prefix`, in no promised order. */
  list(prefix: string): AsyncIterable<string>;

  /** Removes the object if it is there. */
  remove(key: string): Promise<void>;

  /** Creates the folder or bucket where missing and checks that it can be written. */
  prepare(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
