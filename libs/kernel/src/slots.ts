/**
 * Capacity for work in progress. One value may be shared by several consumers, so that together they never exceed it.
 * With `common` it is what one user has to itself: more is borrowed from `common`, which others borrow from as well.
 */
export class Slots {
  #own: number;
  /** Below zero after a reduction, until as many have been given back. */
  #free: number;
  #borrowed = 0;
  readonly #waiting: Array<() => void> = [];

  constructor(
    own: number,
    private readonly common?: Slots,
  ) {
    this.#own = own;
    this.#free = own;
  }

  /** How many nobody else can take. */
  get own(): number {
    return this.#own;
  }

  get size(): number {
    return this.#own + (this.common?.size ?? 0);
  }

  get free(): number {
    return Math.max(0, this.#free) + (this.common?.free ?? 0);
  }

  /** How many are taken, borrowed ones too. */
  get busy(): number {
    return this.#own - this.#free + this.#borrowed;
  }

  /** Changes `own`. Slots that are taken stay so; fewer come free until the new size is reached. */
  resize(own: number): void {
    const more = own - this.#own;
    this.#own = own;
    this.#free += more;
    this.#wake(more);
  }

  /** Takes up to `most` slots, at least one; waits for the first. Resolves with 0 when `signal` aborts. */
  async take(most: number, signal?: AbortSignal): Promise<number> {
    while (this.free === 0) {
      if (signal?.aborted) return 0;
      await this.#changed(signal);
    }
    if (signal?.aborted) {
      this.#wake(1); // the wake-up that came with this slot belongs to somebody else now
      if (this.common) this.common.#wake(1);
      return 0;
    }
    return this.takeFree(most);
  }

  /** Takes up to `most` slots of those that are free now, perhaps none. */
  takeFree(most: number): number {
    const own = Math.max(0, Math.min(most, this.#free));
    this.#free -= own;
    const borrowed = this.common?.takeFree(most - own) ?? 0;
    this.#borrowed += borrowed;
    return own + borrowed;
  }

  give(count = 1): void {
    const back = Math.min(count, this.#borrowed);
    this.#borrowed -= back;
    if (back > 0) this.common?.give(back);
    this.#free += count - back;
    this.#wake(count - back);
  }

  /** Resolves when every slot is free. */
  async idle(): Promise<void> {
    const taken: number[] = [];
    while (taken.length < this.size) taken.push(await this.take(1));
    this.give(taken.length);
  }

  #wake(count: number): void {
    for (let i = 0; i < count; i++) this.#waiting.shift()?.();
  }

  #changed(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const lists = this.common ? [this.#waiting, this.common.#waiting] : [this.#waiting];
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        for (const list of lists) if (list.includes(wake)) list.splice(list.indexOf(wake), 1);
        resolve();
      };
      for (const list of lists) list.push(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}
