import type { Activity, ActivityEvent } from './activity.js';

export type EventListener = (event: ActivityEvent) => void;

/** Where the parts of a process tell what happens, and sinks listen. */
export class EventBus {
  readonly #listeners = new Set<EventListener>();

  /** `source` is the id of the process. */
  constructor(
    readonly source: string,
    private readonly clock: { now(): number },
  ) {}

  /** Whether anybody listens: if not, nothing need be put together to be published. */
  get enabled(): boolean {
    return this.#listeners.size > 0;
  }

  publish(activity: Activity): void {
    if (!this.enabled) return;
    const event: ActivityEvent = { ...activity, version: 1, at: this.clock.now(), source: this.source };
    for (const listener of this.#listeners) listener(event);
  }

  /** Listeners are called at once and must not throw; the returned function ends it. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
