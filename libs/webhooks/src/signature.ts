import { createHmac, sign as signWith } from 'node:crypto';
import { webhookErrors } from './errors.js';
import { publicKeyText, readPrivateKey, readSharedKey } from './signing-secret.js';

export interface SignedMessage {
  readonly id: string;
  /** Whole seconds since the epoch. */
  readonly timestamp: number;
  readonly body: Uint8Array;
}

/** A signing secret, read and checked once. */
export interface SigningKey {
  /** What this key adds to `webhook-signature`. Throws MILLRACE_WEBHOOK_HEADER. */
  sign(message: SignedMessage): string;
}

/**
 * Standard Webhooks 1.0.0, of the very bytes of the body: `whsec_` signs `v1,` and the base64 HMAC-SHA256 of
 * `id.timestamp.body`, `whsk_` signs `v1a,` and its ed25519 signature. Throws MILLRACE_WEBHOOK_SECRET.
 */
export function signingKey(secret: string): SigningKey {
  if (!secret.startsWith('whsk_')) {
    const key = readSharedKey(secret);
    return { sign: ({ body, ...head }) => `v1,${createHmac('sha256', key).update(signedHead(head)).update(body).digest('base64')}` };
  }
  const key = readPrivateKey(secret);
  return { sign: (message) => `v1a,${signWith(null, signedContent(message), key).toString('base64')}` };
}

/** The signature of one secret. */
export const sign = (secret: string, message: SignedMessage): string => signingKey(secret).sign(message);

/** The value of `webhook-signature` for a receiver that knows any one of the secrets: during a rotation, the new and the old. */
export const signatureHeader = (keys: readonly SigningKey[], message: SignedMessage): string => keys.map((key) => key.sign(message)).join(' ');

/** The public key, `whpk_…`, with which receivers verify what a `whsk_…` secret signs. Throws MILLRACE_WEBHOOK_SECRET. */
export const publicKeyOf = (secret: string): string => publicKeyText(readPrivateKey(secret));

/** The bytes that are signed. */
const signedContent = (message: SignedMessage): Buffer => Buffer.concat([Buffer.from(signedHead(message)), message.body]);

function signedHead({ id, timestamp }: Omit<SignedMessage, 'body'>): string {
  if (!/^[\x21-\x2d\x2f-\x7e]+$/.test(id)) throw webhookErrors.error('MILLRACE_WEBHOOK_HEADER', `${JSON.stringify(id)} cannot be a webhook id`);
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
    throw webhookErrors.error('MILLRACE_WEBHOOK_HEADER', `${timestamp} is not a time in whole seconds`);
  }
  return `${id}.${timestamp}.`;
}
