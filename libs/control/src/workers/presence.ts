import type { DocumentStore } from '@millrace/document-store';
import { type Clock, every, messageOf } from '@millrace/kernel';
import type { EventBus, Log } from '@millrace/telemetry';
import { collections } from '../collections.js';
import type { WorkerCard } from './worker-card.js';

/** Times of the registry, in milliseconds. */
export const presenceTimes = { everyMs: 10_000, expiresMs: 30_000 } as const;

interface PresenceDeps {
  readonly documents: DocumentStore;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps a process's card in the registry for as long as it is up. */
export class Presence {
  #stop: (() => void) | undefined;

  constructor(
    private readonly card: () => WorkerCard,
    private readonly deps: PresenceDeps,
  ) {}

  /** Resolves when the card is in the registry. */
  async start(): Promise<void> {
    await this.#put();
    this.#tell('worker.online');
    this.#stop = every(this.deps.clock, presenceTimes.everyMs, () => this.#beat());
  }

  /** Shows at once what has changed. */
  async refresh(): Promise<void> {
    if (this.#stop) await this.#put();
  }

  async stop(): Promise<void> {
    this.#stop?.();
    this.#stop = undefined;
    this.#tell('worker.offline');
    await this.#attempt(() => this.deps.documents.remove(this.#name()));
  }

  async #beat(): Promise<void> {
    await this.#put();
    if (!this.deps.events.enabled) return;
    const { service, pools, inHand } = this.card();
    const slots = pools.reduce((total, pool) => total + pool.slots, 0);
    this.deps.events.publish({ type: 'worker.heartbeat', service, slots, inHand, rssBytes: process.memoryUsage.rss() });
  }

  #put(): Promise<void> {
    const { documents, clock } = this.deps;
    return this.#attempt(() => documents.put(this.#name(), JSON.stringify(this.card()), { expiresAt: clock.now() + presenceTimes.expiresMs }));
  }

  #tell(type: 'worker.online' | 'worker.offline'): void {
    const { service, host, pid } = this.card();
    this.deps.events.publish({ type, service, host, pid });
  }

  /** A registry that does not answer is no reason to stop working. */
  async #attempt(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (err) {
      this.deps.log.warn({ reason: messageOf(err) }, 'worker registry not updated');
    }
  }

  #name() {
    return { collection: collections.workers, key: this.card().id };
  }
}
