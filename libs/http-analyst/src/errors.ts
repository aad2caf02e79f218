import { defineErrors } from '@millrace/kernel';

export const analystErrors = defineErrors({
  MILLRACE_ANALYST_UNAVAILABLE: { retryable: true, help: 'A model server did not answer in time, or answered that it cannot now; look at it. `detail` has its status.' },
  MILLRACE_ANALYST_REFUSED: { retryable: false, help: 'A model server does not take the request; its answer is in the message. Fix the request, the model’s name or the server’s address.' },
  MILLRACE_ANALYST_ANSWER: { retryable: false, help: 'A model server’s answer is not what it should be: too long, no JSON, or other tensors than were asked for. Fix the server, or what the analysis expects.' },
  MILLRACE_ANALYST_TENSOR: { retryable: false, help: 'A tensor’s values do not fit its shape or datatype; fix the analysis.' },
});
