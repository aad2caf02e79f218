import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Document, DocumentStore } from '@millrace/document-store';
import type { Clock, Random } from '@millrace/kernel';
import { z } from 'zod';
import { type ApiKey, newApiKey } from './api-key.js';
import { tenantErrors } from './errors.js';
import { requireTenantName, type Scope, scopes } from './principal.js';

const recordSchema = z.object({
  tenant: z.string(),
  /** HMAC-SHA256 of the token under the deployment's pepper, hex. The token itself is kept nowhere. */
  hash: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: z.number(),
  expiresAt: z.number().optional(),
  revokedAt: z.number().optional(),
});

/** What is known of a key, but for its hash. Times in milliseconds since the epoch. */
export interface KeyInfo {
  readonly id: string;
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt?: number | undefined;
  readonly revokedAt?: number | undefined;
}

export interface IssueRequest {
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: number;
}

const collection = 'api-keys';
/** The old one and the new one while a tenant changes over. */
const mostActive = 2;

/** The API keys of all tenants. */
export class KeyRing {
  constructor(
    private readonly documents: DocumentStore,
    private readonly pepper: string,
    private readonly deps: { readonly clock: Clock; readonly random: Random },
  ) {}

  /** The token is told here and never again. Throws MILLRACE_KEY_LIMIT or MILLRACE_TENANT_NAME. */
  async issue({ tenant, scopes: granted, expiresAt }: IssueRequest): Promise<ApiKey> {
    requireTenantName(tenant);
    const active = (await this.list(tenant)).filter((key) => isActive(key, this.deps.clock.now()));
    if (active.length >= mostActive) {
      throw tenantErrors.error('MILLRACE_KEY_LIMIT', `tenant ${tenant} has ${active.length} active keys (${active.map(({ id }) => id).join(', ')}); revoke one first`);
    }
    const key = newApiKey(this.deps.random);
    const record = { tenant, hash: this.#hash(key.token), scopes: granted, createdAt: this.deps.clock.now(), ...(expiresAt === undefined ? {} : { expiresAt }) };
    await this.documents.put({ collection, key: key.id }, JSON.stringify(record), { ifVersion: 0 });
    return key;
  }

  /** Every key of a tenant, or of all, the revoked and expired ones too, oldest first. */
  async list(tenant?: string): Promise<readonly KeyInfo[]> {
    const keys: KeyInfo[] = [];
    for (let after: string | undefined; ; ) {
      const page = await this.documents.list(collection, { limit: 500, ...(after === undefined ? {} : { after }) });
      keys.push(...page.map((document) => infoOf(document)));
      after = page.at(-1)?.key;
      if (after === undefined) break;
    }
    return keys.filter((key) => tenant === undefined || key.tenant === tenant).sort((a, b) => a.createdAt - b.createdAt);
  }

  /** Resolves with the key as it is now; one that was revoked before stays as it was. Throws MILLRACE_KEY_UNKNOWN. */
  async revoke(id: string): Promise<KeyInfo> {
    const document = await this.documents.get({ collection, key: id });
    if (!document) throw tenantErrors.error('MILLRACE_KEY_UNKNOWN', `there is no API key ${id.slice(0, 40)}`);
    const record = recordSchema.parse(JSON.parse(document.value));
    if (record.revokedAt !== undefined) return infoOf(document);
    const value = JSON.stringify({ ...record, revokedAt: this.deps.clock.now() });
    const { applied, document: now } = await this.documents.put({ collection, key: id }, value, { ifVersion: document.version });
    return applied && now ? infoOf(now) : this.revoke(id);
  }

  /** Issues a key like the given one and lets the old one live until `graceMs` from now. Throws as `issue` and `revoke` do. */
  async rotate(id: string, graceMs: number): Promise<ApiKey> {
    const document = await this.documents.get({ collection, key: id });
    if (!document) throw tenantErrors.error('MILLRACE_KEY_UNKNOWN', `there is no API key ${id.slice(0, 40)}`);
    const record = recordSchema.parse(JSON.parse(document.value));
    const next = await this.issue({ tenant: record.tenant, scopes: record.scopes });
    const expiresAt = Math.min(record.expiresAt ?? Infinity, this.deps.clock.now() + graceMs);
    await this.documents.put({ collection, key: id }, JSON.stringify({ ...record, expiresAt }), { ifVersion: document.version });
    return next;
  }

  /** The key that this token is, whatever has become of it; undefined when there is none. */
  async find(id: string, token: string): Promise<KeyInfo | undefined> {
    const document = await this.documents.get({ collection, key: id });
    if (!document) return undefined;
    const { hash } = recordSchema.parse(JSON.parse(document.value));
    return timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(this.#hash(token), 'hex')) ? infoOf(document) : undefined;
  }

  #hash(token: string): string {
    return createHmac('sha256', this.pepper).update(token).digest('hex');
  }
}

export const isActive = ({ expiresAt = Infinity, revokedAt }: KeyInfo, now: number): boolean => revokedAt === undefined && now < expiresAt;

function infoOf({ key, value }: Document): KeyInfo {
  const { hash: _, ...info } = recordSchema.parse(JSON.parse(value));
  return { id: key, ...info };
}
