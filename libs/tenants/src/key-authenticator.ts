import { createHash } from 'node:crypto';
import type { Clock } from '@millrace/kernel';
import { apiKeyId } from './api-key.js';
import { tenantErrors } from './errors.js';
import { isActive, type KeyInfo, type KeyRing } from './key-ring.js';
import type { Principal } from './principal.js';

/** How long a key is believed without asking again: a revoked one is good for no longer than that. In milliseconds. */
const believedMs = 30_000;
const mostRemembered = 10_000;

interface Remembered {
  readonly until: number;
  readonly key: KeyInfo | undefined;
}

/** Tells who holds an API key. */
export class KeyAuthenticator {
  /** By the token's hash, the longest remembered first. */
  readonly #remembered = new Map<string, Remembered>();

  constructor(
    private readonly keys: Pick<KeyRing, 'find'>,
    private readonly clock: Clock,
  ) {}

  /** Rejects with MILLRACE_UNAUTHENTICATED; never says more than what is wrong with the key. */
  async authenticate(token: string): Promise<Principal> {
    const id = apiKeyId(token);
    if (id === undefined) throw refused('the API key is mistyped or cut short');
    const key = await this.#find(id, token);
    if (!key) throw refused('the API key is not known');
    if (!isActive(key, this.clock.now())) throw refused(key.revokedAt === undefined ? `the API key ${id} has expired` : `the API key ${id} was revoked`);
    return { tenant: key.tenant, scopes: new Set(key.scopes), credential: id };
  }

  async #find(id: string, token: string): Promise<KeyInfo | undefined> {
    const digest = createHash('sha256').update(token).digest('base64');
    const remembered = this.#remembered.get(digest);
    if (remembered && this.clock.now() < remembered.until) return remembered.key;
    const key = await this.keys.find(id, token);
    this.#remembered.delete(digest);
    this.#remembered.set(digest, { key, until: this.clock.now() + believedMs });
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > mostRemembered && oldest !== undefined) this.#remembered.delete(oldest);
    return key;
  }
}

const refused = (why: string): Error => tenantErrors.error('MILLRACE_UNAUTHENTICATED', why);
