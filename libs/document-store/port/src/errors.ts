import { defineErrors } from '@millrace/kernel';

export const documentStoreErrors = defineErrors({
  MILLRACE_DOCUMENT_STORE_UNAVAILABLE: { retryable: true, help: 'The document store does not answer or refuses writes; check that it runs, its address and its free memory.' },
  MILLRACE_DOCUMENT_NAME: { retryable: false, help: 'Collections, keys and buckets of the document store are 1 to 200 printable ASCII characters without spaces; encode what has others.' },
  MILLRACE_DOCUMENT_TOO_LARGE: { retryable: false, help: 'A document is larger than 256 KB; put the bytes into the blob store and a reference into the document.' },
});
