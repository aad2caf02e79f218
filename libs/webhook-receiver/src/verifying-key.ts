import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { receiverErrors } from './errors.js';

/** Tells whether one entry of `webhook-signature` was made over `content` with the other half of this key. */
export type VerifyingKey = (signature: string, content: Uint8Array) => boolean;

const publicPrefix = 'whpk_';
const publicBytes = 32;

/** What stands before a raw ed25519 key in its DER form, RFC 8410. */
const publicDer = Buffer.from('302a300506032b6570032100', 'hex');

/** `whsec_…`, a shared secret of 24 to 64 bytes, or `whpk_…`, an ed25519 public key. Throws MILLRACE_RECEIVER_SECRET, without the secret in it. */
export const verifyingKey = (secret: string): VerifyingKey => (secret.startsWith(publicPrefix) ? publicKey(secret.slice(publicPrefix.length)) : sharedKey(secret.replace(/^whsec_/, '')));

function sharedKey(base64: string): VerifyingKey {
  const key = bytesOf(base64);
  if (key.length < 24 || key.length > 64) throw wrong(`a signing secret has ${key.length} bytes; it needs 24 to 64`);
  return (signature, content) => equal(Buffer.from(signature), Buffer.from(`v1,${createHmac('sha256', key).update(content).digest('base64')}`));
}

function publicKey(base64: string): VerifyingKey {
  const bytes = bytesOf(base64);
  if (bytes.length !== publicBytes) throw wrong(`an ed25519 public key has ${bytes.length} bytes; it needs ${publicBytes}`);
  const key = createPublicKey({ key: Buffer.concat([publicDer, bytes]), format: 'der', type: 'spki' });
  return (signature, content) => {
    const given = Buffer.from(signature.slice('v1a,'.length), 'base64');
    return signature === `v1a,${given.toString('base64')}` && verify(null, content, key, given);
  };
}

function bytesOf(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > 0 && bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '')) return bytes;
  throw wrong('a secret is not base64');
}

/** Takes the same time wherever the first difference is. */
const equal = (left: Uint8Array, right: Uint8Array): boolean => left.length === right.length && timingSafeEqual(left, right);

const wrong = (message: string): Error => receiverErrors.error('MILLRACE_RECEIVER_SECRET', message);
