import { defineErrors } from '@millrace/kernel';

export const receiverErrors = defineErrors({
  MILLRACE_RECEIVER_SECRET: { retryable: false, help: 'A secret of a receiver is neither whsec_… nor whpk_… with a key of the right length; copy it from where the callback is set up.' },
});
