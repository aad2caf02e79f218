import { documentStoreErrors } from './errors.js';
import type { DocumentName } from './document-store.js';

const nameShape = /^[!-~]{1,200}$/;

/** Throws MILLRACE_DOCUMENT_NAME unless a store takes the name. */
export function checkName({ collection, key }: DocumentName): void {
  checkPart('collection', collection);
  checkPart('key', key);
}

/** Throws MILLRACE_DOCUMENT_NAME unless a store takes it as a collection, a key or a bucket. */
export function checkPart(what: 'collection' | 'key' | 'bucket', name: string): void {
  if (nameShape.test(name)) return;
  const shown = JSON.stringify(name.slice(0, 80));
  throw documentStoreErrors.error('MILLRACE_DOCUMENT_NAME', `${shown} is no ${what}: 1 to 200 printable ASCII characters without spaces are`);
}

/** Throws a RangeError unless a page may have so many documents. */
export function checkLimit(limit: number): void {
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= 1_000)) throw new RangeError(`a page of ${limit} documents cannot be listed; 1 to 1,000 can`);
}
