import { defineErrors } from '@millrace/kernel';

export const controlErrors = defineErrors({
  MILLRACE_CONTROL_NO_WORKER: { retryable: true, help: 'No worker that is up fits what was asked for; `millrace workers` shows which there are.' },
  MILLRACE_CONTROL_NOT_A_WORKER: { retryable: false, help: 'The process serves no queues, so it cannot do what only workers do.' },
  MILLRACE_CONTROL_COMMAND: { retryable: false, help: 'A worker does not know the command; it is of an older release than whoever sent it.' },
  MILLRACE_CONTROL_QUEUE: { retryable: false, help: 'The queue is not there, or the worker does not serve it; `millrace queues` shows the queues and `millrace workers` who serves them.' },
  MILLRACE_CONTROL_POOL: { retryable: false, help: 'A pool must keep at least one slot; name a pool that the worker has and a size of 1 or more.' },
  MILLRACE_SCHEDULE_INVALID: { retryable: false, help: 'A schedule’s name, time or canvas means nothing; the message says which and why.' },
});
