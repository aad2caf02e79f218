import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '@millrace/kernel';
import type { DeploymentKey } from './deployment-keys.js';
import { webhookErrors } from './errors.js';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts text at rest with AES-256-GCM: `v1.<key id>.<base64url of nonce, ciphertext and tag>`. */
export class Sealer {
  /** Seals with the first key, opens with any. */
  constructor(
    private readonly keys: readonly DeploymentKey[],
    private readonly random: Random,
  ) {}

  /** `place` is where the sealed text will lie; it opens nowhere else. Throws MILLRACE_DEPLOYMENT_KEY when there is no key. */
  seal(text: string, place: string): string {
    const [key] = this.keys;
    if (!key) throw webhookErrors.error('MILLRACE_DEPLOYMENT_KEY', 'secrets and headers cannot be stored without a key to encrypt them; MILLRACE_KEYS of the deployment names none');
    const nonce = this.random.bytes(nonceBytes);
    const cipher = createCipheriv(algorithm, key.bytes, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${key.id}.${sealed.toString('base64url')}`;
  }

  /** Throws MILLRACE_SEALED when none of the keys opens it. */
  open(sealed: string, place: string): string {
    const [version, id, text = ''] = sealed.split('.');
    const key = this.keys.find((each) => each.id === id);
    if (version !== 'v1' || !key) throw webhookErrors.error('MILLRACE_SEALED', `${place} was encrypted with key ${id}, which this deployment does not have`);
    try {
      return decrypt(key, Buffer.from(text, 'base64url'), place);
    } catch (cause) {
      throw webhookErrors.error('MILLRACE_SEALED', `${place} was changed since it was encrypted, or belongs elsewhere`, { cause });
    }
  }
}

function decrypt(key: DeploymentKey, bytes: Buffer, place: string): string {
  const end = bytes.length - tagBytes;
  const decipher = createDecipheriv(algorithm, key.bytes, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(end));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, end)), decipher.final()]).toString('utf8');
}
