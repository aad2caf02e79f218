import { defineErrors } from '@millrace/kernel';

export const feedbackErrors = defineErrors({
  MILLRACE_FEEDBACK_NOTHING_USABLE: { retryable: false, help: 'No row of a file of messages or reviews can be used; `detail.rejected` counts why. Correct the export and send it again.' },
  MILLRACE_FEEDBACK_DATASET_VERSION: { retryable: false, help: 'A feedback dataset was written by another version of its dataset task; send the data again.' },
});
