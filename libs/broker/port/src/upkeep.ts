/** A message that is kept but not delivered any more. */
export interface DeadLetter {
  readonly queue: string;
  /** Names it among the dead letters of its queue for as long as it is one; not the message's own id. */
  readonly id: string;
  readonly body: string;
  /** Why it is not delivered any more. */
  readonly reason: string;
  /** How often it was delivered, as far as the broker knows. */
  readonly deliveries?: number;
  /** When it was published, and became a dead letter, in milliseconds since the epoch, as far as the broker knows. */
  readonly publishedAt?: number;
  readonly diedAt?: number;
  readonly priority?: number;
  readonly group?: string;
}

export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  /** Where the next page goes on; absent on the last. */
  readonly next?: string;
}

/**
 * The dead letters of each queue. All methods reject with MILLRACE_BROKER_UNAVAILABLE when the broker does not answer. In
 * SQS a look hides the letters from other looks while it lasts, and it sees no more than a thousand.
 */
export interface DeadLetters {
  /** About from the oldest to the latest. `after` is the `next` of the page before. */
  list(queue: string, page: { readonly limit: number; readonly after?: string }): Promise<DeadLetterPage>;
  /** Undefined when it is none any more. */
  inspect(queue: string, id: string): Promise<DeadLetter | undefined>;
  /**
   * Has it delivered again, with the deliveries counted from 1. Resolves false when it is no dead letter any more. Killed
   * half-way, it may leave the letter as well as the message, and never neither.
   */
  redrive(queue: string, id: string): Promise<boolean>;
  /** Redrives all that there are now; resolves with how many. */
  redriveAll(queue: string): Promise<number>;
  /** Removes all that there are now; resolves with how many. */
  purge(queue: string): Promise<number>;
}

/** What is done to queues by hand, beside the work on them. */
export interface BrokerUpkeep {
  readonly deadLetters: DeadLetters;
  /**
   * Removes the messages that wait; resolves with how many. What is delayed or in flight stays. A run whose hints are gone
   * stands still until the sweeper sends new ones: cancel runs that are not to go on.
   */
  purge(queue: string): Promise<number>;
}
