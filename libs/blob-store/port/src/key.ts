import { blobErrors } from './errors.js';

const segment = /^(?!\.+$)[A-Za-z0-9._-]+$/;

/** Throws MILLRACE_BLOB_KEY unless every segment is safe in a path and a URL. */
export function checkKey(key: string): void {
  if (key.length <= 512 && key.split('/').every((part) => segment.test(part))) return;
  throw blobErrors.error('MILLRACE_BLOB_KEY', `the key ${JSON.stringify(key.slice(0, 80))} is not one the blob store takes`);
}
