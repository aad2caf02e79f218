import { defineErrors } from '@millrace/kernel';

export const runStoreErrors = defineErrors({
  MILLRACE_RUN_STORE_UNAVAILABLE: { retryable: true, help: 'The run store does not answer or refuses writes; check that it runs, its address and its free memory.' },
  MILLRACE_RUN_TOO_LARGE: { retryable: false, help: 'A run’s record is larger than the store’s limit for one item; return smaller results or fan out less.' },
});
