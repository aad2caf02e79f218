import type { DocumentStore } from '@millrace/document-store';
import type { Clock, Random } from '@millrace/kernel';
import type { Log, Metrics } from '@millrace/telemetry';
import { loggedEvents } from './delivery-events.js';
import { deploymentKeys } from './deployment-keys.js';
import { EndpointAdmin } from './endpoint-admin.js';
import { EndpointCache, type EndpointDefaults } from './endpoint-cache.js';
import { EndpointStore } from './endpoint-store.js';
import { EndpointTroubles } from './endpoint-troubles.js';
import { Sealer } from './sealer.js';
import { TenantEndpoints } from './tenant-endpoints.js';

export interface EndpointsOptions extends EndpointDefaults {
  /** The deployment's keys in base64; the first encrypts, the others still decrypt. */
  readonly keys: readonly string[];
}

export interface EndpointsDeps {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** For those who change settings. */
export const openEndpointStore = (keys: readonly string[], { documents, random }: Pick<EndpointsDeps, 'documents' | 'random'>): EndpointStore =>
  new EndpointStore(documents, new Sealer(deploymentKeys(keys, 'endpoint settings'), random));

/** For those who look after them. Throws MILLRACE_DEPLOYMENT_KEY. */
export const openEndpointAdmin = (keys: readonly string[], deps: Omit<EndpointsDeps, 'metrics'>): EndpointAdmin =>
  new EndpointAdmin({ ...deps, store: openEndpointStore(keys, deps), troubles: new EndpointTroubles(deps) });

/** For those who deliver: `troubles` is to be started and stopped. Throws MILLRACE_WEBHOOK_SECRET and MILLRACE_DEPLOYMENT_KEY. */
export function openEndpoints(options: EndpointsOptions, deps: EndpointsDeps): { readonly endpoints: TenantEndpoints; readonly troubles: EndpointTroubles } {
  const store = openEndpointStore(options.keys, deps);
  const troubles = new EndpointTroubles(deps);
  const cache = new EndpointCache(store, options, deps.clock);
  return { endpoints: new TenantEndpoints({ ...deps, cache, store, troubles, events: loggedEvents(deps) }), troubles };
}
