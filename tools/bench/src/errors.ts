import { defineErrors } from '@millrace/kernel';

export const benchErrors = defineErrors({
  MILLRACE_BENCH_REDIS: { retryable: false, help: 'There is no Redis to run the bench on; set REDIS_URL or put redis-server on PATH.' },
  MILLRACE_BENCH_USAGE: { retryable: false, help: 'The command line of the bench was not understood; the message says what is wrong and the usage follows.' },
});
