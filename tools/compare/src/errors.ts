import { defineErrors } from '@millrace/kernel';

export const compareErrors = defineErrors({
  MILLRACE_COMPARE_USAGE: { retryable: false, help: 'The command line of the comparison was not understood; the message says what is wrong and the usage follows.' },
  MILLRACE_COMPARE_REDIS: { retryable: false, help: 'There is no Redis to compare on; put redis-server on PATH.' },
  MILLRACE_COMPARE_NOTHING: { retryable: false, help: 'None of the systems asked for can run on this machine; the lines above say why.' },
  MILLRACE_COMPARE_PROCESS: { retryable: true, help: 'A process of a system under comparison ended or did not become ready; its log says why.' },
  MILLRACE_COMPARE_ANSWER: { retryable: false, help: 'A system under comparison did not compute what all of them have to compute, so its speed says nothing.' },
});
