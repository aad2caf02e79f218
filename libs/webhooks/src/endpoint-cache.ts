import type { Clock } from '@millrace/kernel';
import { LRUCache } from 'lru-cache';
import type { Endpoint } from './endpoint.js';
import { type EndpointSettings, keysFor } from './endpoint-settings.js';
import type { EndpointStore } from './endpoint-store.js';
import { type SigningKey, signingKey } from './signature.js';

/** What holds for endpoints that nobody says anything of. */
export interface EndpointDefaults {
  /** The deployment's; they sign for tenants without their own. */
  readonly secrets: readonly string[];
  readonly maxInFlight?: number;
  readonly timeoutMs?: number;
}

interface TimedKey {
  readonly key: SigningKey;
  readonly expiresAt: number;
}

type Parsed = Omit<EndpointSettings, 'secrets'> & { readonly keys?: readonly TimedKey[] };
type Tenant = ReadonlyMap<string, Parsed>;

const freshMs = 15_000;
const mostTenants = 2_000;

/**
 * Settings as they were up to 15 seconds ago. Older ones are read again behind the delivery that found them so; they go on
 * being used while the store does not answer.
 */
export class EndpointCache {
  readonly #tenants: LRUCache<string, Tenant>;
  readonly #keys: readonly SigningKey[];

  constructor(
    private readonly store: Pick<EndpointStore, 'list'>,
    private readonly defaults: EndpointDefaults,
    clock: Clock,
  ) {
    this.#keys = defaults.secrets.map((secret) => signingKey(secret));
    this.#tenants = new LRUCache<string, Tenant>({
      max: mostTenants,
      ttl: freshMs,
      ttlResolution: 0,
      perf: { now: () => clock.monotonic() + 1 }, // it takes 0 for no time at all
      allowStale: true,
      noDeleteOnStaleGet: true,
      allowStaleOnFetchRejection: true,
      noDeleteOnFetchRejection: true,
      fetchMethod: (tenant) => this.#read(tenant),
    });
  }

  async of(tenant: string, origin: string): Promise<Endpoint> {
    const known = (await this.#tenants.fetch(tenant)) ?? (await this.#read(tenant)); // nothing is fetched while the store is away
    const { keys = [], headers = {}, allowHttp = false, maxInFlight, timeoutMs, disabled } = merged(known, origin);
    return {
      tenant,
      origin,
      allowHttp,
      headers,
      maxInFlight: maxInFlight ?? this.defaults.maxInFlight ?? 10,
      timeoutMs: timeoutMs ?? this.defaults.timeoutMs ?? 15_000,
      ...(disabled && { disabled }),
      keysAt: (now) => {
        const own = keys.filter(({ expiresAt }) => expiresAt > now).map(({ key }) => key);
        return own.length > 0 ? own : this.#keys;
      },
    };
  }

  /** Has the next look at this tenant's settings go to the store. */
  forget(tenant: string): void {
    this.#tenants.delete(tenant);
  }

  async #read(tenant: string): Promise<Tenant> {
    return new Map([...(await this.store.list(tenant))].map(([key, settings]) => [key, parse(settings)]));
  }
}

function parse({ secrets, ...settings }: EndpointSettings): Parsed {
  return secrets ? { ...settings, keys: secrets.map(({ secret, expiresAt = Infinity }) => ({ key: signingKey(secret), expiresAt })) } : settings;
}

function merged(known: Tenant, origin: string): Parsed {
  if (known.size === 0) return {};
  return Object.assign({}, ...keysFor(origin).map((key) => known.get(key))) as Parsed;
}
