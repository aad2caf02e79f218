import { type Clock, every } from '@millrace/kernel';
import type { LeasedQueue } from './leased-queue.js';

const paceMs = 1000;

/**
 * Looks for messages whose lease ran out, once a second, so that they wait again within a second of it. All queues of a
 * process at once: what an idle process costs is how often it wakes up.
 */
export class Recovery {
  readonly #queues = new Set<LeasedQueue>();
  #stop: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The returned function ends it. */
  watch(queue: LeasedQueue): () => void {
    this.#queues.add(queue);
    this.#stop ??= every(this.clock, paceMs, () => this.#look());
    return () => this.#forget(queue);
  }

  #forget(queue: LeasedQueue): void {
    this.#queues.delete(queue);
    if (this.#queues.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  async #look(): Promise<void> {
    await Promise.all(Array.from(this.#queues, (queue) => queue.recover().catch(this.onError)));
  }
}
