import { createHash, hkdfSync } from 'node:crypto';
import { webhookErrors } from './errors.js';

/** What a key is for; each use has a key of its own, drawn from the deployment's by HKDF-SHA256 (RFC 5869). */
export type KeyUse = 'endpoint settings' | 'result links';

export interface DeploymentKey {
  /** Names the key without telling it. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

const keyBytes = 32;

/**
 * The keys for one use, from the deployment's in base64: the first is the one to use, the others are still good for what
 * was made with them. Throws MILLRACE_DEPLOYMENT_KEY.
 */
export function deploymentKeys(texts: readonly string[], use: KeyUse): readonly DeploymentKey[] {
  return texts.map((text) => {
    const whole = Buffer.from(text, 'base64');
    if (whole.length !== keyBytes) throw webhookErrors.error('MILLRACE_DEPLOYMENT_KEY', `a key of the deployment has ${whole.length} bytes; it needs the base64 of ${keyBytes}`);
    const bytes = new Uint8Array(hkdfSync('sha256', whole, '', `millrace ${use}`, keyBytes));
    return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
  });
}
