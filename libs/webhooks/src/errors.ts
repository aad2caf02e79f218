import { defineErrors } from '@millrace/kernel';

export const webhookErrors = defineErrors({
  MILLRACE_WEBHOOK_SECRET: {
    retryable: false,
    help: 'A signing secret is not `whsec_` followed by the base64 of 24 to 64 bytes; make a new one.',
  },
  MILLRACE_WEBHOOK_HEADER: {
    retryable: false,
    help: 'A webhook id has a full stop or a character that no header takes, or its timestamp is not whole seconds.',
  },
});
