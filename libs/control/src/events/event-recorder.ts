import type { DocumentStore } from '@millrace/document-store';
import { type Clock, messageOf } from '@millrace/kernel';
import type { ActivityEvent, EventBus, Log } from '@millrace/telemetry';
import { collections } from '../collections.js';

/** Events that one process tells together. */
export interface EventBatch {
  readonly events: readonly ActivityEvent[];
  /** How many more there were that nobody will see, as they came faster than they could be written. */
  readonly dropped: number;
}

/** Times of the event store, in milliseconds. */
export const eventTimes = { flushMs: 250, expiresMs: 600_000 } as const;

/** A batch stays well below what a document may hold. */
const mostInBatch = 400;
/** More than this are not kept in memory. */
const mostWaiting = 4_000;

interface RecorderDeps {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Writes what the bus tells into the event store, for as long as somebody follows. */
export class EventRecorder {
  readonly #waiting: ActivityEvent[] = [];
  #dropped = 0;
  #batches = 0;
  #unlisten: (() => void) | undefined;
  #cancelEnd: (() => void) | undefined;
  #flushing: Promise<void> | undefined;

  constructor(
    private readonly bus: EventBus,
    private readonly deps: RecorderDeps,
  ) {}

  /** Somebody follows until then, in milliseconds since the epoch; a later call takes the place of an earlier one. */
  followedUntil(until: number): void {
    const leftMs = until - this.deps.clock.now();
    this.#cancelEnd?.();
    if (leftMs <= 0) return this.#end();
    this.#unlisten ??= this.bus.listen((event) => this.#take(event));
    this.#cancelEnd = this.deps.clock.after(leftMs, () => this.#end());
  }

  /** Writes what is still in memory. */
  async stop(): Promise<void> {
    this.#cancelEnd?.();
    this.#end();
    await this.#flushing;
    await this.#flush();
  }

  #end(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
  }

  #take(event: ActivityEvent): void {
    if (this.#waiting.length < mostWaiting) this.#waiting.push(event);
    else this.#dropped++;
    this.#flushing ??= new Promise<void>((resolve) => void this.deps.clock.after(eventTimes.flushMs, resolve))
      .then(() => this.#flush())
      .finally(() => (this.#flushing = undefined));
  }

  async #flush(): Promise<void> {
    const { documents, clock, log } = this.deps;
    while (this.#waiting.length > 0) {
      const batch: EventBatch = { events: this.#waiting.splice(0, mostInBatch), dropped: this.#dropped };
      this.#dropped = 0;
      const now = clock.now();
      const key = `${batchTime(now)}-${String(this.#batches++).padStart(8, '0')}-${this.bus.source}`;
      try {
        await documents.put({ collection: collections.events, key }, JSON.stringify(batch), { expiresAt: now + eventTimes.expiresMs });
      } catch (err) {
        log.warn({ events: batch.events.length, reason: messageOf(err) }, 'events not written');
      }
    }
  }
}

/** Sorts as the times do. */
export const batchTime = (ms: number): string => Math.max(0, Math.floor(ms)).toString().padStart(15, '0');
