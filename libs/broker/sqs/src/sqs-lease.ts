import type { Lease } from '@millrace/broker';
import type { Clock } from '@millrace/kernel';

export interface LeaseTerms {
  readonly leaseMs: number;
  readonly clock: Clock;
  /** Asks SQS for another `leaseMs`; false when the message is no longer ours. Rejects when SQS does not answer. */
  readonly prolong: () => Promise<boolean>;
  /** Told of a `prolong` that got no answer. */
  readonly onError: (error: unknown) => void;
}

/** A lease counted by our own clock, from before SQS began to count, so that it never outlasts the visibility timeout. */
export class SqsLease implements Lease {
  readonly #terms: LeaseTerms;
  readonly #lost = new AbortController();
  #cancelExpiry: () => void;

  constructor(terms: LeaseTerms) {
    this.#terms = terms;
    this.#cancelExpiry = terms.clock.after(terms.leaseMs, () => this.lose());
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** An extension that got no answer leaves the lease as it was: it may still be ours until it runs out. */
  async extend(): Promise<boolean> {
    if (this.lost.aborted) return false;
    const { clock, leaseMs, prolong, onError } = this.#terms;
    const asked = clock.monotonic();
    const outcome = await prolong().catch(onError);
    if (outcome === false) this.lose();
    if (outcome === true && !this.lost.aborted) {
      this.#cancelExpiry();
      this.#cancelExpiry = clock.after(leaseMs - (clock.monotonic() - asked), () => this.lose());
    }
    return !this.lost.aborted;
  }

  lose(): void {
    this.#cancelExpiry();
    this.#lost.abort();
  }

  /** The delivery has ended: the lease needs no watching any more. */
  end(): void {
    this.#cancelExpiry();
  }
}
