import { type Clock, every } from '@millrace/kernel';

/** What is made larger and smaller. */
export interface Scalable {
  readonly wanted: number;
  count(state: 'starting' | 'free'): number;
  scaleTo(size: number): Promise<void>;
}

const lookEveryMs = 250;
/** A child that nobody needed for this long goes. */
const shrinkAfterMs = 30_000;

/** Starts one more child while all are at work, and ends one when some have been free all the time for half a minute. */
export class Autoscaler {
  #busyAt = 0;
  #least: number;
  #most: number;
  #stop: () => void = () => undefined;

  constructor(
    private readonly pool: Scalable,
    { least, most }: { readonly least: number; readonly most: number },
    private readonly clock: Clock,
  ) {
    this.#least = least;
    this.#most = most;
  }

  start(): void {
    this.#busyAt = this.clock.monotonic();
    if (this.#least < this.#most) this.#stop = every(this.clock, lookEveryMs, () => this.#look());
  }

  /** Makes a size possible that somebody has asked for. */
  allow(size: number): void {
    const isFixed = this.#least === this.#most;
    this.#least = isFixed ? size : Math.min(this.#least, size);
    this.#most = isFixed ? size : Math.max(this.#most, size);
  }

  stop(): void {
    this.#stop();
  }

  async #look(): Promise<void> {
    const { wanted } = this.pool;
    const now = this.clock.monotonic();
    if (this.pool.count('free') === 0) {
      this.#busyAt = now;
      if (wanted < this.#most && this.pool.count('starting') === 0) await this.pool.scaleTo(wanted + 1);
    } else if (now - this.#busyAt >= shrinkAfterMs && wanted > this.#least) {
      this.#busyAt = now;
      await this.pool.scaleTo(wanted - 1);
    }
  }
}
