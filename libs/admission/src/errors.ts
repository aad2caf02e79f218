import { defineErrors } from '@millrace/kernel';

export const admissionErrors = defineErrors({
  MILLRACE_OVERLOADED: { retryable: true, help: 'What is under way already would not leave time for one more ingestion; try again after the time that Retry-After says, allow a larger budget, or send `deadline=none`.' },
  MILLRACE_TENANT_BUSY: { retryable: true, help: 'The tenant has as many ingestions under way as it may; try again after the time that Retry-After says.' },
});
