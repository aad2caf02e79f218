import type { Clock } from '@millrace/kernel';

/** A receive that has not answered by then finds its queue empty, and SQS has picked nothing for it. */
const answersWithinMs = 500;

/**
 * Ends a receive that nobody wants any more. Not before it had time to answer: messages that SQS has picked for a caller
 * who hangs up stay hidden until their lease runs out.
 */
export class HangUp {
  readonly #abort = new AbortController();
  readonly #clock: Clock;
  readonly #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.monotonic();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Ends the receive as soon as it is old enough. */
  soon(): void {
    const age = this.#clock.monotonic() - this.#since;
    if (age >= answersWithinMs) this.now();
    else this.#clock.after(answersWithinMs - age, () => this.now());
  }

  now(): void {
    this.#abort.abort();
  }
}
