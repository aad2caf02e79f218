import type { DocumentName, DocumentStore } from '@millrace/document-store';
import { checkEndpointKey, type Disabled, type EndpointSettings, readSettings } from './endpoint-settings.js';
import type { Sealer } from './sealer.js';
import { webhookErrors } from './errors.js';

/** How a document lies in the store: what is secret is sealed. */
interface Stored extends Omit<EndpointSettings, 'secrets' | 'headers'> {
  readonly sealed?: string;
}

const page = 1_000;
/** Two writers at once are rare, and one of them gets through each time. */
const mostTries = 10;

const nameOf = (tenant: string, key: string): DocumentName => ({ collection: `endpoints:${tenant}`, key });

/** The settings of each tenant's endpoints. Secrets and headers are encrypted at rest. */
export class EndpointStore {
  constructor(
    private readonly documents: Pick<DocumentStore, 'get' | 'put' | 'remove' | 'list'>,
    private readonly sealer: Sealer,
  ) {}

  /** All settings of a tenant by key, see `checkEndpointKey`. */
  async list(tenant: string): Promise<ReadonlyMap<string, EndpointSettings>> {
    const found = new Map<string, EndpointSettings>();
    for (let after = ''; ; ) {
      const documents = await this.documents.list(`endpoints:${tenant}`, { after, limit: page });
      for (const { key, value } of documents) found.set(key, this.#opened(nameOf(tenant, key), value));
      const last = documents.at(-1);
      if (!last) return found;
      after = last.key;
    }
  }

  async get(tenant: string, key: string): Promise<EndpointSettings | undefined> {
    const name = nameOf(tenant, key);
    const document = await this.documents.get(name);
    return document && this.#opened(name, document.value);
  }

  /** Replaces all settings for this key. Throws MILLRACE_ENDPOINT_SETTINGS, and MILLRACE_DEPLOYMENT_KEY without a key to encrypt with. */
  async put(tenant: string, key: string, settings: unknown): Promise<void> {
    const read = readSettings(settings);
    await this.change(tenant, key, () => read);
  }

  async remove(tenant: string, key: string): Promise<boolean> {
    return this.documents.remove(nameOf(tenant, key));
  }

  /** Makes one of the settings out of those that are there, again when somebody else changed them in between. */
  async change(tenant: string, key: string, change: (settings: EndpointSettings) => EndpointSettings): Promise<EndpointSettings> {
    checkEndpointKey(key);
    const name = nameOf(tenant, key);
    for (let tries = 0; tries < mostTries; tries++) {
      const there = await this.documents.get(name);
      const settings = readSettings(change(there ? this.#opened(name, there.value) : {}));
      const put = await this.documents.put(name, this.#sealed(name, settings), { ifVersion: there?.version ?? 0 });
      if (put.applied) return settings;
    }
    throw webhookErrors.error('MILLRACE_ENDPOINT_SETTINGS', `the settings of ${key} are being changed by many at once; try again`);
  }

  /** From now on `secret` signs; those of before sign too for `graceMs` more milliseconds. */
  async rotateSecret(tenant: string, key: string, rotation: { readonly secret: string; readonly graceMs: number; readonly now: number }): Promise<void> {
    const { secret, graceMs, now } = rotation;
    await this.change(tenant, key, ({ secrets = [], ...settings }) => {
      const old = secrets.filter(({ expiresAt = Infinity }) => expiresAt > now);
      const expiring = old.map((each) => ({ ...each, expiresAt: Math.min(each.expiresAt ?? Infinity, now + graceMs) }));
      return { ...settings, secrets: [{ secret }, ...expiring] };
    });
  }

  async disable(tenant: string, key: string, disabled: Disabled): Promise<void> {
    await this.change(tenant, key, (settings) => ({ ...settings, disabled }));
  }

  async enable(tenant: string, key: string): Promise<void> {
    await this.change(tenant, key, (settings) => {
      const { disabled: _, ...enabled } = settings;
      return enabled;
    });
  }

  #sealed({ collection, key }: DocumentName, { secrets, headers, ...plain }: EndpointSettings): string {
    const isSecret = secrets !== undefined || headers !== undefined;
    const stored: Stored = { ...plain, ...(isSecret && { sealed: this.sealer.seal(JSON.stringify({ secrets, headers }), `${collection}/${key}`) }) };
    return JSON.stringify(stored);
  }

  #opened({ collection, key }: DocumentName, value: string): EndpointSettings {
    const { sealed, ...plain } = JSON.parse(value) as Stored;
    if (sealed === undefined) return plain;
    return { ...plain, ...(JSON.parse(this.sealer.open(sealed, `${collection}/${key}`)) as Pick<EndpointSettings, 'secrets' | 'headers'>) };
  }
}
