import type { Clock } from '@millrace/kernel';
import type { LeasedQueue } from './leased-queue.js';

const paceMs = 500;

/**
 * Looks for messages whose lease ran out, so that they wait again within half a second of it. All queues of a process at once:
 * what an idle process costs is how often it wakes up. When a queue has no message at work, none of its leases can run out
 * before the time of one is over, and so long nobody looks.
 */
export class Recovery {
  readonly #queues = new Set<LeasedQueue>();
  #cancel: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The returned function ends it. */
  watch(queue: LeasedQueue): () => void {
    this.#queues.add(queue);
    this.#lookIn(paceMs);
    return () => this.#forget(queue);
  }

  #forget(queue: LeasedQueue): void {
    this.#queues.delete(queue);
    if (this.#queues.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  readonly #look = async (): Promise<void> => {
    const waits = await Promise.all(Array.from(this.#queues, (queue) => this.#recover(queue)));
    if (this.#queues.size > 0) this.#lookIn(Math.min(...waits));
  };

  #lookIn(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.clock.after(ms, this.#look);
  }

  /** Resolves with how long nothing can come of looking again, in milliseconds. */
  async #recover(queue: LeasedQueue): Promise<number> {
    try {
      return (await queue.recover()) ? paceMs : Math.max(paceMs, queue.leaseMs);
    } catch (error) {
      this.onError(error);
      return paceMs;
    }
  }
}
