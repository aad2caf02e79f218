import { defineErrors } from '@millrace/kernel';

export const orderErrors = defineErrors({
  MILLRACE_ORDERS_NOTHING_USABLE: { retryable: false, help: 'No line of an order export can be used; `detail.rejected` counts why. Correct the export and send it again.' },
  MILLRACE_ORDERS_DATASET_VERSION: { retryable: false, help: 'An order dataset was written by another version of its dataset task; send the data again.' },
});
