/** The time-bounded right to one delivery. SQS calls it visibility timeout, BullMQ lock. */
export interface Lease {
  /** Aborts when the lease is lost: extending it failed, or it ran out. Then write nothing; somebody else has the message. */
  readonly lost: AbortSignal;
  /**
   * Keeps the message for another `leaseMs` of its queue. Resolves false, and aborts `lost`, when it is no longer ours.
   * An adapter whose client extends leases by itself resolves true.
   */
  extend(): Promise<boolean>;
}
