import { type Clock, messageOf } from '@millrace/kernel';
import type { Log } from '@millrace/telemetry';
import { LRUCache } from 'lru-cache';
import { classify } from './classify.js';
import type { DeliveryEvents } from './delivery-events.js';
import type { Endpoint, Endpoints, Tried } from './endpoint.js';
import type { EndpointCache } from './endpoint-cache.js';
import { EndpointGate } from './endpoint-gate.js';
import type { Disabled } from './endpoint-settings.js';
import type { EndpointStore } from './endpoint-store.js';
import type { EndpointTroubles } from './endpoint-troubles.js';
import type { CallbackResponse } from './post-callback.js';

interface Deps {
  readonly cache: EndpointCache;
  readonly store: Pick<EndpointStore, 'disable'>;
  readonly troubles: EndpointTroubles;
  readonly events: DeliveryEvents;
  readonly clock: Clock;
  readonly log: Log;
}

const mostGates = 2_000;
const idleMs = 10 * 60_000;
const failingMs = 120 * 3_600_000;

/** Endpoints with their settings, each with a gate of its own. As long as an endpoint is well, the store is not asked. */
export class TenantEndpoints implements Endpoints {
  readonly #gates: LRUCache<string, EndpointGate>;

  constructor(private readonly deps: Deps) {
    this.#gates = new LRUCache({
      max: mostGates,
      ttl: idleMs,
      ttlResolution: 0,
      updateAgeOnGet: true,
      perf: { now: () => deps.clock.monotonic() + 1 }, // it takes 0 for no time at all
    });
  }

  of(tenant: string, url: string): Promise<Endpoint> {
    return this.deps.cache.of(tenant, URL.parse(url)?.origin ?? '');
  }

  ofNow(tenant: string, url: string): Promise<Endpoint> {
    this.deps.cache.forget(tenant);
    return this.of(tenant, url);
  }

  async try(endpoint: Endpoint, attempt: () => Promise<CallbackResponse | undefined>): Promise<Tried> {
    const gate = this.#gateOf(endpoint);
    const tried = await gate.try(attempt);
    if (tried.kind === 'made' && tried.response) await this.#note(endpoint, gate, tried.response);
    return tried;
  }

  #gateOf(endpoint: Endpoint): EndpointGate {
    const { tenant, origin, maxInFlight } = endpoint;
    const name = `${tenant} ${origin}`;
    const there = this.#gates.get(name);
    const gate = there?.maxInFlight === maxInFlight ? there : this.#newGate(endpoint);
    if (gate !== there) this.#gates.set(name, gate);
    const opening = this.deps.troubles.of(endpoint)?.opening;
    if (opening) gate.open(opening);
    return gate;
  }

  #newGate({ tenant, origin, maxInFlight }: Endpoint): EndpointGate {
    const { clock, log, troubles } = this.deps;
    const onOpened = (opening: Parameters<EndpointTroubles['opened']>[1]): void => {
      log.warn({ tenant, origin, times: opening.times }, 'endpoint is left alone');
      void this.#written('openness', troubles.opened({ tenant, origin }, opening));
    };
    return new EndpointGate({ maxInFlight, clock, onOpened });
  }

  async #note(endpoint: Endpoint, gate: EndpointGate, response: CallbackResponse): Promise<void> {
    const { troubles, clock } = this.deps;
    const { tenant, origin } = endpoint;
    const verdict = classify(response);
    if (verdict === 'delivered') {
      if (troubles.of(endpoint)) await this.#written('recovery', troubles.over({ tenant, origin }));
      return;
    }
    if (verdict === 'gone') return this.#disable(endpoint, { reason: 'gone', at: clock.now() });
    if (verdict === 'throttled' && response.kind === 'response') gate.pause(response.retryAfterMs ?? 0);
    const trouble = await this.#written('failure', troubles.failed({ tenant, origin }));
    if (trouble && clock.now() - trouble.since > failingMs) await this.#disable(endpoint, { reason: 'failing', at: clock.now() });
  }

  async #disable({ tenant, origin }: Endpoint, disabled: Disabled): Promise<void> {
    const { store, cache, events } = this.deps;
    await this.#written('end', store.disable(tenant, origin, disabled));
    cache.forget(tenant);
    events.tell({ type: 'endpoint.disabled', tenant, origin, reason: disabled.reason });
  }

  /** A delivery does not fail because something about its endpoint cannot be written down; the next will try again. */
  async #written<T>(what: string, writing: Promise<T>): Promise<T | undefined> {
    try {
      return await writing;
    } catch (err) {
      this.deps.log.warn({ what, reason: messageOf(err) }, 'state of an endpoint not written');
      return undefined;
    }
  }
}
