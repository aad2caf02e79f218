import { documentStoreErrors } from './errors.js';
import type { DocumentName } from './document-store.js';

const maxBytes = 256 * 1024;

/** Throws MILLRACE_DOCUMENT_TOO_LARGE when the value has more than 256 KB as UTF-8. */
export function checkValue({ collection, key }: DocumentName, value: string): void {
  if (value.length * 3 <= maxBytes) return;
  const bytes = Buffer.byteLength(value);
  if (bytes > maxBytes) throw documentStoreErrors.error('MILLRACE_DOCUMENT_TOO_LARGE', `the document ${collection}/${key} has ${bytes} bytes, more than ${maxBytes}`);
}
