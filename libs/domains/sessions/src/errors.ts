import { defineErrors } from '@millrace/kernel';

export const sessionErrors = defineErrors({
  MILLRACE_SESSIONS_COLUMNS: { retryable: false, help: 'A session export has neither the columns of click events nor those of session summaries; the message lists what is missing.' },
  MILLRACE_SESSIONS_NOTHING_USABLE: { retryable: false, help: 'No row of a session export can be used; `detail.rejected` counts why. Correct the export and send it again.' },
  MILLRACE_SESSIONS_DATASET_VERSION: { retryable: false, help: 'A session dataset was written by another version of its dataset task; send the data again.' },
});
