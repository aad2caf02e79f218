import type { Lease } from '@millrace/broker';
import type { Clock } from '@millrace/kernel';

export interface LeaseTerms {
  readonly leaseMs: number;
  /** When the lease began at the latest, in `clock.monotonic()`. */
  readonly since: number;
  readonly clock: Clock;
  /** Asks Redis for another `leaseMs`; false when the lock is no longer ours. */
  readonly renew: () => Promise<boolean>;
}

/** A lock in Redis, and the time until it runs out as this process sees it. */
export class BullmqLease implements Lease {
  readonly #terms: LeaseTerms;
  readonly #lost = new AbortController();
  #cancel: () => void;

  constructor(terms: LeaseTerms) {
    this.#terms = terms;
    this.#cancel = this.#expireFrom(terms.since);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async extend(): Promise<boolean> {
    if (this.lost.aborted) return false;
    const since = this.#terms.clock.monotonic();
    const renewed = await this.#terms.renew();
    if (this.lost.aborted) return false;
    this.#cancel();
    if (renewed) this.#cancel = this.#expireFrom(since);
    else this.#lost.abort();
    return renewed;
  }

  /** Stops watching: the delivery is over. */
  end(): void {
    this.#cancel();
  }

  #expireFrom(since: number): () => void {
    const { clock, leaseMs } = this.#terms;
    return clock.after(since + leaseMs - clock.monotonic(), () => this.#lost.abort());
  }
}
