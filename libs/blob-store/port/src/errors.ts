import { defineErrors } from '@millrace/kernel';

export const blobErrors = defineErrors({
  MILLRACE_BLOB_NOT_FOUND: { retryable: false, help: 'An object is not in the blob store; it may have expired, or the store is not the one it was written to.' },
  MILLRACE_BLOB_CORRUPT: { retryable: false, help: 'An object’s bytes do not have the hash of its reference; restore it from a backup.' },
  MILLRACE_BLOB_TOO_LARGE: { retryable: false, help: 'The data is larger than the limit; send less at a time.' },
  MILLRACE_BLOB_KEY: { retryable: false, help: 'A key has characters or segments that the blob store does not take.' },
  MILLRACE_SOURCE_UNREADABLE: { retryable: false, help: 'The object that is to be ingested does not exist, or this service may not read it; check bucket, key and the bucket’s policy.' },
  MILLRACE_BLOB_UNAVAILABLE: { retryable: true, help: 'The blob store does not answer or cannot be written; check its address, its rights and its free space.' },
});
