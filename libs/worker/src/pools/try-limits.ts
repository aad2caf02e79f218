import { type Clock, type MillraceError } from '@millrace/kernel';
import { taskErrors, type TaskPolicy } from '@millrace/tasks';
import { onAbort } from '../delivery-watch.js';

type Limits = Pick<TaskPolicy, 'softLimitMs' | 'hardLimitMs'>;

/** The limits of one try, which begins now, or of a hook. */
export class TryLimits {
  readonly #signal = new AbortController();
  readonly #givenUp: AbortController;
  readonly #releases: Array<() => void>;
  readonly #startedAt: number;

  /** `name`: what is limited, for messages. `given`: aborts when there is no time left for other reasons. */
  constructor(
    private readonly name: string,
    private readonly limits: Limits,
    private readonly clock: Clock,
    given?: AbortSignal,
  ) {
    const { softLimitMs, hardLimitMs } = limits;
    this.#startedAt = clock.monotonic();
    this.#givenUp = hardLimitMs === undefined ? this.#signal : new AbortController();
    this.#releases = [clock.after(softLimitMs, () => this.#signal.abort(this.#late()))];
    if (given) this.#releases.push(onAbort(given, () => this.#end(given.reason)));
    if (hardLimitMs !== undefined) this.#releases.push(clock.after(hardLimitMs, () => this.#end(killed(name, hardLimitMs))));
  }

  /** Aborts when the handler is to come to an end. */
  get signal(): AbortSignal {
    return this.#signal.signal;
  }

  /** Aborts when the handler is waited for no longer. */
  get givenUp(): AbortSignal {
    return this.#givenUp.signal;
  }

  readonly softTimeLeftMs = (): number => this.#left(this.limits.softLimitMs);

  readonly hardTimeLeftMs = (): number => this.#left(this.limits.hardLimitMs ?? this.limits.softLimitMs);

  release(): void {
    for (const release of this.#releases) release();
  }

  #left(limitMs: number): number {
    return Math.max(0, this.#startedAt + limitMs - this.clock.monotonic());
  }

  #late(): MillraceError {
    return taskErrors.error('MILLRACE_TASK_TIMEOUT', `${this.name} was not done in ${this.limits.softLimitMs} ms`);
  }

  #end(reason: unknown): void {
    this.#signal.abort(reason);
    this.#givenUp.abort(reason);
  }
}

/** Why a try was ended at its hard limit. */
export const killed = (task: string, hardLimitMs: number): MillraceError =>
  taskErrors.error('MILLRACE_TASK_KILLED', `${task} had not ended after ${hardLimitMs} ms, its hard limit`);
