/** A collection's keys in Redis, all in one hash slot. */
export interface CollectionKeys {
  /** What stands before a document's key in the name of its hash. */
  readonly documents: string;
  /** A sorted set of the keys, all of score 0: in the order of their bytes. Changes are told on a channel of this name. */
  readonly keys: string;
  /** A sorted set of the keys that expire, by time. */
  readonly expiry: string;
}

export function collectionKeys(prefix: string, collection: string): CollectionKeys {
  const tag = `{${prefix}:docs:${collection}}`;
  return { documents: `${tag}:doc:`, keys: `${tag}:keys`, expiry: `${tag}:expiry` };
}

export const bucketKey = (prefix: string, bucket: string): string => `${prefix}:bucket:${bucket}`;
