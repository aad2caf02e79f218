import type { Clock } from './clock.js';

/**
 * Hands calls on, the first at once and then at most one every so often. A document store that can only look for changes
 * calls every second without one; one that is told of them calls rarely, and then nothing is held up.
 */
export class Paced {
  #next = -Infinity;
  #cancel: (() => void) | undefined;

  /** `everyMs` is asked after each call. */
  constructor(
    private readonly call: () => void,
    private readonly clock: Clock,
    private readonly everyMs: () => number,
  ) {}

  readonly ask = (): void => {
    const waitMs = this.#next - this.clock.monotonic();
    if (waitMs <= 0) this.#hand();
    else this.#cancel ??= this.clock.after(waitMs, () => this.#hand());
  };

  stop(): void {
    this.#cancel?.();
  }

  #hand(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#next = this.clock.monotonic() + this.everyMs();
    this.call();
  }
}
