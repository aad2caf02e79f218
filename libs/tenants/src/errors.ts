import { defineErrors } from '@millrace/kernel';

export const tenantErrors = defineErrors({
  MILLRACE_UNAUTHENTICATED: { retryable: false, help: 'The request carries no credential, or one that is unknown, expired or revoked; send `Authorization: Bearer <API key or token>`.' },
  MILLRACE_FORBIDDEN: { retryable: false, help: 'The credential is good but does not have the scope that the request needs; use or issue one that has it.' },
  MILLRACE_KEYS_UNREACHABLE: { retryable: true, help: 'The keys that tokens are signed with could not be fetched; check that MILLRACE_JWKS_URL answers.' },
  MILLRACE_KEY_LIMIT: { retryable: false, help: 'A tenant has at most two active API keys, the old and the new one while it changes over; revoke one first.' },
  MILLRACE_KEY_UNKNOWN: { retryable: false, help: 'There is no API key with that id; list them with `millrace keys list`.' },
  MILLRACE_TENANT_NAME: { retryable: false, help: 'A tenant’s name is 1 to 64 lower-case letters, digits, dashes and underscores, and begins with a letter.' },
});
