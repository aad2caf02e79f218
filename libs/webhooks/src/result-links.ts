import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DeploymentKey } from './deployment-keys.js';

/** What the query of a link says. */
export interface LinkQuery {
  readonly expires?: unknown;
  readonly signature?: unknown;
}

/**
 * Links to the outcome of a run that can be read without credentials, until they expire: `?expires=<unix s>&signature=<hex>`,
 * the HMAC-SHA256 of `<run>.<expires>` under a key of the deployment.
 */
export class ResultLinks {
  /** Signs with the first key, takes links of any. */
  constructor(private readonly keys: readonly DeploymentKey[]) {}

  /** `url` with a signature until `expiresAt`, in milliseconds since the epoch; as it is when there is no key. */
  sign(url: string, run: string, expiresAt: number): string {
    const [key] = this.keys;
    if (!key) return url;
    const expires = Math.ceil(expiresAt / 1000);
    return `${url}?expires=${expires}&signature=${signatureOf(key, run, expires).toString('hex')}`;
  }

  /** Whether the link is one of ours, for this run, and has not expired at `now`, in milliseconds since the epoch. */
  verify(run: string, { expires, signature }: LinkQuery, now: number): boolean {
    if (typeof expires !== 'string' || typeof signature !== 'string') return false;
    if (!/^[1-9]\d{0,11}$/.test(expires) || !/^[0-9a-f]{64}$/.test(signature)) return false;
    const given = Buffer.from(signature, 'hex');
    const isOurs = this.keys.map((key) => timingSafeEqual(signatureOf(key, run, Number(expires)), given)).includes(true);
    return isOurs && now < Number(expires) * 1000;
  }
}

const signatureOf = ({ bytes }: DeploymentKey, run: string, expires: number): Buffer => createHmac('sha256', bytes).update(`${run}.${expires}`).digest();
