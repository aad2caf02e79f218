import { defineErrors } from '@millrace/kernel';

/** What the ingestion API answers with, besides the errors of what it calls. */
export const apiErrors = defineErrors({
  MILLRACE_CONTENT_TYPE: { retryable: false, help: 'The content type is missing or not one that a domain reads; the message lists those that are.' },
  MILLRACE_CONTENT_ENCODING: { retryable: false, help: 'The body is compressed in a way that is not taken, or not as its header says; send it plain or as gzip.' },
  MILLRACE_PARAMETERS: { retryable: false, help: 'Parameters in the query, options or headers are wrong; `errors` names each with a pointer.' },
  MILLRACE_BODY_MALFORMED: { retryable: false, help: 'The body is not what its content type says; `errors` points to the place.' },
  MILLRACE_BODY_LIMIT: { retryable: false, help: 'The body passes a limit on its size or shape; `errors` says which. Large data goes as NDJSON, CSV or files.' },
  MILLRACE_SOURCE_REFUSED: { retryable: false, help: 'Objects are ingested by reference only on the aws profile, and only from the buckets in MILLRACE_SOURCE_BUCKETS.' },
  MILLRACE_CALLBACK_REFUSED: { retryable: false, help: 'No callback may go to that URL; the message says why.' },
  MILLRACE_ENDPOINT_DISABLED: { retryable: false, help: 'Callbacks to that endpoint are disabled, since it answered 410, failed for 120 hours, or by hand; enable it, or begin the ingestion without a callback.' },
  MILLRACE_IDEMPOTENCY_KEY_IN_USE: { retryable: true, help: 'A request with the same Idempotency-Key is being taken in just now; repeat it after the time in Retry-After.' },
  MILLRACE_IDEMPOTENCY_KEY_REUSED: { retryable: false, help: 'The Idempotency-Key was used before with other data or other options; give each ingestion a key of its own.' },
  MILLRACE_INGESTION_UNKNOWN: { retryable: false, help: 'There is no ingestion of that id; it may have expired.' },
  MILLRACE_INGESTION_OPEN: { retryable: true, help: 'The ingestion has no results yet; ask again after the time in Retry-After, or wait for its callback.' },
  MILLRACE_INGESTION_OVER: { retryable: false, help: 'The ingestion is over already, so it cannot be cancelled.' },
  MILLRACE_CALLBACK_NONE: { retryable: false, help: 'The ingestion was begun without a callback, so there is none to tell of or to send again.' },
  MILLRACE_CALLBACK_OPEN: { retryable: false, help: 'The callback is still being delivered; it can be replayed once that has ended.' },
  MILLRACE_REQUEST: { retryable: false, help: 'The request cannot be answered as it is: a path or method that does not exist, or HTTP that is not well-formed.' },
  MILLRACE_REQUEST_SLOW: { retryable: true, help: 'The request came too slowly: its head within 10 s, its body at 10 kB/s or more after 30 s.' },
  MILLRACE_INTERNAL: { retryable: true, help: 'The service made a mistake; its log has the cause.' },
});
