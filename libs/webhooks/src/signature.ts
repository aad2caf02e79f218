import { createHmac } from 'node:crypto';
import { webhookErrors } from './errors.js';

const prefix = 'whsec_';

/** Standard Webhooks 1.0.0, symmetric: `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`, of the very bytes of the body. */
export function sign(secret: string, id: string, timestampSeconds: number, body: Uint8Array): string {
  if (!/^[\x21-\x2d\x2f-\x7e]+$/.test(id)) throw webhookErrors.error('MILLRACE_WEBHOOK_HEADER', `${JSON.stringify(id)} cannot be a webhook id`);
  if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 0) {
    throw webhookErrors.error('MILLRACE_WEBHOOK_HEADER', `${timestampSeconds} is not a time in whole seconds`);
  }
  const mac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestampSeconds}.`).update(body);
  return `v1,${mac.digest('base64')}`;
}

export interface SignedMessage {
  readonly id: string;
  /** Whole seconds since the epoch. */
  readonly timestamp: number;
  readonly body: Uint8Array;
}

/** The value of `webhook-signature` for a receiver that knows any one of the secrets: during a rotation, the new and the old. */
export function signatureHeader(secrets: readonly string[], { id, timestamp, body }: SignedMessage): string {
  return secrets.map((secret) => sign(secret, id, timestamp, body)).join(' ');
}

/** Error messages never hold the secret. */
function keyOf(secret: string): Buffer {
  const text = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  const key = Buffer.from(text, 'base64');
  if (key.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) {
    throw webhookErrors.error('MILLRACE_WEBHOOK_SECRET', 'a signing secret is not base64');
  }
  if (key.length < 24 || key.length > 64) {
    throw webhookErrors.error('MILLRACE_WEBHOOK_SECRET', `a signing secret has ${key.length} bytes; it needs 24 to 64`);
  }
  return key;
}
