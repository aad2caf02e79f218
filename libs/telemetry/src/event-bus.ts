import type { Activity, ActivityEvent } from './activity.js';

export type EventListener = (event: ActivityEvent) => void;
type EventType = Activity['type'];

/** Where the parts of a process tell what happens, and sinks listen: the log and the metrics of tasks, whoever follows. */
export class EventBus {
  readonly #followers = new Set<EventListener>();
  readonly #sinks = new Map<EventType, Set<EventListener>>();

  /** `source` is the id of the process. */
  constructor(
    readonly source: string,
    private readonly clock: { now(): number },
  ) {}

  /** Whether anybody listens to everything: if not, what no sink wants need not be put together. */
  get enabled(): boolean {
    return this.#followers.size > 0;
  }

  publish(activity: Activity): void {
    const sinks = this.#sinks.get(activity.type);
    if (!sinks && !this.enabled) return;
    const event: ActivityEvent = { ...activity, version: 1, at: this.clock.now(), source: this.source };
    for (const follower of this.#followers) follower(event);
    for (const sink of sinks ?? []) sink(event);
  }

  /** To everything, or to these types only. Listeners are called at once and must not throw; the returned function ends it. */
  listen(listener: EventListener, types?: readonly EventType[]): () => void {
    const sets = types ? types.map((type) => this.#sinksOf(type)) : [this.#followers];
    for (const set of sets) set.add(listener);
    return () => {
      for (const set of sets) set.delete(listener);
    };
  }

  #sinksOf(type: EventType): Set<EventListener> {
    const sinks = this.#sinks.get(type) ?? new Set<EventListener>();
    this.#sinks.set(type, sinks);
    return sinks;
  }
}
