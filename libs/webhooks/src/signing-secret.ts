import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Random } from '@millrace/kernel';
import { webhookErrors } from './errors.js';

/** `shared`: HMAC-SHA256, `whsec_`. `key-pair`: ed25519, `whsk_`. */
export type SecretKind = 'shared' | 'key-pair';

const newBytes = 32;
const seedBytes = 32;
const publicBytes = 32;

/** What stands before the raw key in its DER form, RFC 8410. */
const privateDer = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicDer = Buffer.from('302a300506032b6570032100', 'hex');

/** A secret that nobody knows yet. */
export function newSigningSecret(kind: SecretKind, random: Random): string {
  return `${kind === 'shared' ? 'whsec_' : 'whsk_'}${Buffer.from(random.bytes(newBytes)).toString('base64')}`;
}

/** The key of `whsec_…`, also without the prefix. Error messages never hold the secret. */
export function readSharedKey(secret: string): Buffer {
  const key = readBase64(withoutPrefix(secret, 'whsec_'));
  if (key.length < 24 || key.length > 64) throw wrong(`a signing secret has ${key.length} bytes; it needs 24 to 64`);
  return key;
}

/** The key of `whsk_…`: the seed of 32 bytes, or with the public key of 32 bytes after it. */
export function readPrivateKey(secret: string): KeyObject {
  const bytes = readBase64(withoutPrefix(secret, 'whsk_'));
  if (bytes.length !== seedBytes && bytes.length !== seedBytes + publicBytes) throw wrong(`an ed25519 secret has ${bytes.length} bytes; it needs 32 or 64`);
  const key = createPrivateKey({ key: Buffer.concat([privateDer, bytes.subarray(0, seedBytes)]), format: 'der', type: 'pkcs8' });
  if (bytes.length > seedBytes && !rawPublicKey(key).equals(bytes.subarray(seedBytes))) throw wrong('the two halves of an ed25519 secret do not belong together');
  return key;
}

export const publicKeyText = (key: KeyObject): string => `whpk_${rawPublicKey(key).toString('base64')}`;

const rawPublicKey = (key: KeyObject): Buffer => createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(publicDer.length);

const withoutPrefix = (text: string, prefix: string): string => (text.startsWith(prefix) ? text.slice(prefix.length) : text);

function readBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) throw wrong('a signing secret is not base64');
  return bytes;
}

const wrong = (message: string): Error => webhookErrors.error('MILLRACE_WEBHOOK_SECRET', message);
