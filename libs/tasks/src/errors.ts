import { defineErrors } from '@millrace/kernel';

export const taskErrors = defineErrors({
  MILLRACE_TASK_THREW: { retryable: true, help: 'A handler threw something without a code; see the worker’s log for its stack.' },
  MILLRACE_TASK_ARGUMENTS: { retryable: false, help: 'The arguments of a task do not fit its schema; fix the canvas that calls it.' },
  MILLRACE_TASK_DUPLICATE: { retryable: false, help: 'Two handlers have the same task name; rename one.' },
  MILLRACE_TASK_UNKNOWN: { retryable: false, help: 'No handler of this process has that task name; register the task or fix the queues it serves.' },
  MILLRACE_TASK_TIMEOUT: { retryable: true, help: 'A handler ran past its soft limit; raise the limit or do less.' },
  MILLRACE_TASK_LATE: { retryable: false, help: 'A handler was at work when the time of its run was up; its part is told as late. Allow a larger budget.' },
  MILLRACE_TASK_STOPPED: { retryable: true, help: 'A worker had to end before its handler did; another worker begins the step again.' },
  MILLRACE_TASK_LEASE_LOST: { retryable: true, help: 'The broker gave the message to somebody else while the handler ran; the other attempt counts.' },
  MILLRACE_TASK_REVOKED: { retryable: false, help: 'The run was cancelled while the handler ran; nothing of it counts.' },
  MILLRACE_TASK_EXPIRED: { retryable: false, help: 'A step was not begun before its signature expired; allow more time or add workers.' },
  MILLRACE_TASK_NO_RAW: { retryable: false, help: 'A task asked for the raw data of a run that was begun without any; pass what it needs as an argument.' },
  MILLRACE_TASK_CASE: { retryable: false, help: 'The task that decides a branch answered with something other than a string, number or boolean.' },
  MILLRACE_TASK_POISON: { retryable: false, help: 'A step was begun again and again without coming to a result, as when it kills its worker; look at its input.' },
  MILLRACE_TASK_RESULT: { retryable: false, help: 'A handler returned something that JSON cannot carry; return plain data or write an artifact.' },
  MILLRACE_ROUTE_MISSING: { retryable: false, help: 'No route matches a task’s name; add one.' },
  MILLRACE_ROUTE_DEAD: { retryable: false, help: 'A route matches no task or names a queue that does not exist; remove or fix it.' },
});
