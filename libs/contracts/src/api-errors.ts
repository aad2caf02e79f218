import { defineErrors } from '@millrace/kernel';

/** What the ingestion API answers with, besides the errors of what it calls. */
export const apiErrors = defineErrors({
  MILLRACE_CONTENT_TYPE: { retryable: false, help: 'The content type is missing or not one that a domain reads; the message lists those that are.' },
  MILLRACE_PARAMETERS: { retryable: false, help: 'Parameters in the query are wrong; `errors` names each with a pointer.' },
  MILLRACE_INGESTION_UNKNOWN: { retryable: false, help: 'There is no ingestion of that id; it may have expired.' },
  MILLRACE_REQUEST: { retryable: false, help: 'The request cannot be answered as it is: a path or method that does not exist, or HTTP that is not well-formed.' },
  MILLRACE_INTERNAL: { retryable: true, help: 'The service made a mistake; its log has the cause.' },
});
