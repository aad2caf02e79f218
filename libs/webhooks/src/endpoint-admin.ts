import type { Clock, Random } from '@millrace/kernel';
import { checkEndpointKey, type EndpointChange, type EndpointSettings } from './endpoint-settings.js';
import type { EndpointStore } from './endpoint-store.js';
import type { EndpointTroubles } from './endpoint-troubles.js';
import { type EndpointView, verifierOf, viewOfEndpoint } from './endpoint-view.js';
import { webhookErrors } from './errors.js';
import { newSigningSecret, type SecretKind } from './signing-secret.js';

/** Dispatchers keep all settings of a tenant in memory. */
const mostPerTenant = 100;

interface Deps {
  readonly store: EndpointStore;
  readonly troubles: Pick<EndpointTroubles, 'over'>;
  readonly clock: Clock;
  readonly random: Random;
}

export interface NewSecret {
  readonly kind: SecretKind;
  /** How long those of before sign too, in milliseconds. */
  readonly graceMs: number;
}

/**
 * The settings of tenants' endpoints for those who look after them; what is secret goes in and does not come out. An
 * `origin` is what `checkEndpointKey` takes; all but `list` throw MILLRACE_ENDPOINT_SETTINGS for any other.
 */
export class EndpointAdmin {
  constructor(private readonly deps: Deps) {}

  /** All of which something is said. */
  async list(tenant: string): Promise<readonly EndpointView[]> {
    return [...(await this.deps.store.list(tenant))].map(([origin, settings]) => viewOfEndpoint(origin, settings));
  }

  /** Every origin has settings, if only those of the deployment. */
  async get(tenant: string, origin: string): Promise<EndpointView> {
    checkEndpointKey(origin);
    return viewOfEndpoint(origin, (await this.deps.store.get(tenant, origin)) ?? {});
  }

  /** Replaces the settings by what `change` makes of them; secrets stay. Throws MILLRACE_DEPLOYMENT_KEY for headers without a key to encrypt with. */
  async change(tenant: string, origin: string, change: (settings: EndpointChange) => EndpointChange): Promise<EndpointView> {
    const { store, troubles } = this.deps;
    await this.#checkRoom(tenant, origin);
    let isEnabled = false;
    const changed = await store.change(tenant, origin, ({ secrets, disabled: before, ...there }) => {
      const { disabled = false, ...settings } = change({ ...there, disabled: before !== undefined });
      isEnabled = before !== undefined && !disabled;
      return { ...settings, ...(secrets && { secrets }), ...(disabled && { disabled: before ?? this.#byHand() }) };
    });
    if (isEnabled) await troubles.over({ tenant, origin }); // or the next failure would disable it again
    return viewOfEndpoint(origin, changed);
  }

  /**
   * Makes a secret that signs from now on, and resolves with what receivers verify with, which is told this once: the
   * secret itself, or the public key of a pair. Throws MILLRACE_DEPLOYMENT_KEY without a key to encrypt with.
   */
  async rotate(tenant: string, origin: string, { kind, graceMs }: NewSecret): Promise<string> {
    const { store, clock, random } = this.deps;
    await this.#checkRoom(tenant, origin);
    const secret = newSigningSecret(kind, random);
    await store.rotateSecret(tenant, origin, { secret, graceMs, now: clock.now() });
    return verifierOf(secret);
  }

  /** Forgets settings and secrets; those of the deployment hold again. */
  async remove(tenant: string, origin: string): Promise<void> {
    checkEndpointKey(origin);
    if (await this.deps.store.remove(tenant, origin)) await this.deps.troubles.over({ tenant, origin });
  }

  #byHand(): EndpointSettings['disabled'] {
    return { reason: 'by-hand', at: this.deps.clock.now() };
  }

  async #checkRoom(tenant: string, origin: string): Promise<void> {
    checkEndpointKey(origin);
    const known = await this.deps.store.list(tenant);
    if (known.has(origin) || known.size < mostPerTenant) return;
    throw webhookErrors.error('MILLRACE_ENDPOINT_SETTINGS', `a tenant has settings for ${mostPerTenant} endpoints at most; remove some, or set them for all names below one (https://*.example.com)`);
  }
}
