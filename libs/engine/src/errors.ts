import { defineErrors } from '@millrace/kernel';

export const engineErrors = defineErrors({
  MILLRACE_INGESTION_EMPTY: { retryable: false, help: 'The request has no body; send the data as the body, for example with curl --data-binary @file.' },
});
