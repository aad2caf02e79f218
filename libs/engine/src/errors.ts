import { defineErrors } from '@millrace/kernel';

export const engineErrors = defineErrors({
  MILLRACE_INGESTION_EMPTY: { retryable: false, help: 'The request has no body; send the data as the body, for example with curl --data-binary @file.' },
  MILLRACE_INGESTION_OVERLOADED: { retryable: true, help: 'The service cannot take the ingestion now; send it again after the time in Retry-After.' },
});
