import { defineErrors } from '@millrace/kernel';

export const engineErrors = defineErrors({
  MILLRACE_INGESTION_EMPTY: { retryable: false, help: 'The request has no body; send the data as the body, for example with curl --data-binary @file.' },
  MILLRACE_INGESTION_CONFLICT: { retryable: false, help: 'A request repeats the id of an earlier one with other data or another callback; give each ingestion an id of its own.' },
});
