import { defineErrors } from '@millrace/kernel';

export const poolErrors = defineErrors({
  MILLRACE_POOL_CHILD: { retryable: true, help: 'A child of a thread or prefork pool could not start; the message says why. Its workload module, the models or the artifact store cannot be used.' },
  MILLRACE_POOL_WORKLOAD: { retryable: false, help: 'A queue has a thread or prefork pool, but its tasks are not in a module that a child can load; name one, or give the queue the async pool.' },
});
