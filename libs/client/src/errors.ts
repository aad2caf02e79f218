import { defineErrors } from '@millrace/kernel';

export const clientErrors = defineErrors({
  MILLRACE_RUN_FAILED: { retryable: false, help: 'A run failed; the error of the step that failed is in the detail.' },
  MILLRACE_RUN_CANCELLED: { retryable: false, help: 'A run was cancelled before it was over.' },
  MILLRACE_RUN_LATE: { retryable: false, help: 'The time of a run was up before it was over; allow it more, or look at what its steps waited for.' },
  MILLRACE_RUN_UNKNOWN: { retryable: false, help: 'The run store has no run of that id; it may have been kept as long as it was to be.' },
  MILLRACE_RUN_NOT_YET: { retryable: true, help: 'A run was not over when the caller stopped waiting for it; it goes on.' },
});
