/** Capacity for work in progress. One value may be shared by several consumers, so that together they never exceed it. */
export class Slots {
  #free: number;
  readonly #waiting: Array<() => void> = [];

  constructor(readonly size: number) {
    this.#free = size;
  }

  get free(): number {
    return this.#free;
  }

  get busy(): number {
    return this.size - this.#free;
  }

  /** Takes up to `most` slots, at least one; waits for the first. Resolves with 0 when `signal` aborts. */
  async take(most: number, signal?: AbortSignal): Promise<number> {
    while (this.#free === 0) {
      if (signal?.aborted) return 0;
      await this.#changed(signal);
    }
    if (signal?.aborted) {
      this.#waiting.shift()?.(); // the wake-up that came with this slot belongs to somebody else now
      return 0;
    }
    const taken = Math.min(most, this.#free);
    this.#free -= taken;
    return taken;
  }

  /** Takes up to `most` slots of those that are free now, perhaps none. */
  takeFree(most: number): number {
    const taken = Math.max(0, Math.min(most, this.#free));
    this.#free -= taken;
    return taken;
  }

  give(count = 1): void {
    this.#free += count;
    for (let i = 0; i < count; i++) this.#waiting.shift()?.();
  }

  /** Resolves when every slot is free. */
  async idle(): Promise<void> {
    const taken: number[] = [];
    while (taken.length < this.size) taken.push(await this.take(1));
    this.give(taken.length);
  }

  #changed(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(wake), 1);
        resolve();
      };
      this.#waiting.push(wake);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}
