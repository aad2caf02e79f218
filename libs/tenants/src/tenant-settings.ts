import type { DocumentStore } from '@millrace/document-store';
import type { Clock } from '@millrace/kernel';
import { z } from 'zod';
import { requireTenantName } from './principal.js';

const settingsSchema = z.strictObject({
  /** Ingestions a minute, in the long run. */
  perMinute: z.number().positive().optional(),
  /** Ingestions at once; default: a tenth of `perMinute`, at least one. */
  burst: z.number().int().positive().optional(),
  /** Ingestions under way at most. */
  maxInFlight: z.number().int().positive().optional(),
});

/** What a tenant may take of the deployment; what is absent is not limited. */
export type TenantSettings = z.infer<typeof settingsSchema>;

const collection = 'tenants';
const believedMs = 30_000;

/** Limits by tenant, over those of the deployment. A change is in force everywhere within 30 s. */
export class TenantDirectory {
  readonly #known = new Map<string, { readonly settings: TenantSettings; readonly until: number }>();

  constructor(
    private readonly documents: DocumentStore,
    private readonly defaults: TenantSettings,
    private readonly clock: Clock,
  ) {}

  async settingsOf(tenant: string): Promise<TenantSettings> {
    const known = this.#known.get(tenant);
    if (known && this.clock.now() < known.until) return known.settings;
    const document = await this.documents.get({ collection, key: tenant });
    const own = document ? settingsSchema.parse(JSON.parse(document.value)) : {};
    const settings = { ...this.defaults, ...own };
    this.#known.set(tenant, { settings, until: this.clock.now() + believedMs });
    return settings;
  }

  /** Throws MILLRACE_TENANT_NAME. */
  async change(tenant: string, settings: TenantSettings): Promise<void> {
    await this.documents.put({ collection, key: requireTenantName(tenant) }, JSON.stringify(settingsSchema.parse(settings)));
    this.#known.delete(tenant);
  }
}
