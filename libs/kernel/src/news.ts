import { type Clock, sleep } from './clock.js';

/** Remembers that something was told until somebody waits for it. */
export class News {
  #isNew = false;
  #wake: AbortController | undefined;

  constructor(private readonly clock: Clock) {}

  tell(): void {
    this.#isNew = true;
    this.#wake?.abort();
  }

  /** Resolves when something was told since the last wait, after `ms` milliseconds, or when `signal` aborts. */
  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    const wake = new AbortController();
    this.#wake = wake;
    if (!this.#isNew) await sleep(this.clock, ms, signal ? AbortSignal.any([wake.signal, signal]) : wake.signal);
    this.#isNew = false;
    this.#wake = undefined;
  }
}
