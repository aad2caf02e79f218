import type { Clock } from '@millrace/kernel';
import type { World } from './world.js';

/**
 * One life of a process, from its start until it is killed. Whatever reaches the process (a reply, a timer) comes through
 * `deliver`: nothing reaches a dead one any more, and a paused one gets it when it goes on.
 */
export class Life {
  readonly clock: Clock;
  #alive = true;
  #pausedUntil = 0;
  /** Calls and replies left until it is killed. */
  #pointsLeft = Infinity;

  /** `skewMs`: how far the process's clock is off. */
  constructor(
    readonly name: string,
    private readonly world: World,
    private readonly options: { readonly skewMs: number; readonly onKilled: () => void },
  ) {
    this.clock = {
      now: () => world.time + options.skewMs,
      monotonic: () => world.elapsed,
      after: (ms, fire) => world.after(ms, () => this.deliver(fire)),
    };
  }

  get alive(): boolean {
    return this.#alive;
  }

  get paused(): boolean {
    return this.world.elapsed < this.#pausedUntil;
  }

  deliver(run: () => void): void {
    if (!this.#alive) return;
    if (this.paused) this.world.after(this.#pausedUntil - this.world.elapsed, () => this.deliver(run));
    else run();
  }

  kill(why: string): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.world.note(this.name, `KILLED ${why}`);
    this.options.onKilled();
  }

  pause(ms: number): void {
    if (!this.#alive) return;
    this.world.note(this.name, `paused for ${Math.round(ms)} ms`);
    this.#pausedUntil = this.world.elapsed + ms;
  }

  /** Is killed at the `points`-th point from now, counted from 1. */
  killAfter(points: number): void {
    this.#pointsLeft = points;
  }

  /** The process stands between two of its steps; `what` says where. False when it dies there or is dead. */
  pass(what: string): boolean {
    if (!this.#alive) return false;
    this.#pointsLeft -= 1;
    if (this.#pointsLeft <= 0) this.kill(what);
    return this.#alive;
  }
}
