import { defineErrors } from '@millrace/kernel';

export const webhookErrors = defineErrors({
  MILLRACE_WEBHOOK_SECRET: {
    retryable: false,
    help: 'A signing secret is not `whsec_` followed by the base64 of 24 to 64 bytes, nor `whsk_` (`whpk_` to verify) followed by that of an ed25519 key; make a new one.',
  },
  MILLRACE_WEBHOOK_HEADER: {
    retryable: false,
    help: 'A webhook id has a full stop or a character that no header takes, or its timestamp is not whole seconds.',
  },
  MILLRACE_ENDPOINT_SETTINGS: {
    retryable: false,
    help: 'Settings of a callback endpoint are not what they may be; the message names the part.',
  },
  MILLRACE_DEPLOYMENT_KEY: {
    retryable: false,
    help: 'A key of the deployment is missing or is not the base64 of 32 bytes; see MILLRACE_KEYS.',
  },
  MILLRACE_SEALED: {
    retryable: false,
    help: 'Stored secrets cannot be decrypted; add the key they were encrypted with to MILLRACE_KEYS.',
  },
});
