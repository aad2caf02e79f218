import { defineErrors } from '@millrace/kernel';

export const brokerErrors = defineErrors({
  MILLRACE_BROKER_UNAVAILABLE: { retryable: true, help: 'The broker does not answer; check that it runs and that its address is right.' },
  MILLRACE_BROKER_QUEUE_UNKNOWN: { retryable: false, help: 'A queue was used before it was prepared; list it among the product’s queues.' },
  MILLRACE_BROKER_MESSAGE_REFUSED: { retryable: false, help: 'A message is larger, later, of another priority or of other characters than the broker takes; messages carry ids only.' },
});
