import { type EngineSettings, nextSweep } from '@millrace/engine';
import { type Clock, every } from '@millrace/kernel';
import { type RunRecord, type RunStore, terminalStatuses } from '@millrace/run-store';
import { taskErrors } from '@millrace/tasks';
import type { Execution } from './executor.js';

interface WatchDeps {
  readonly runs: Pick<RunStore, 'touch'>;
  readonly clock: Clock;
  readonly settings: EngineSettings;
}

/** What a delivery is for, and when the sweeper must look at its run at the latest. */
interface Watched {
  readonly run: Pick<RunRecord, 'id' | 'finaliseAt'>;
  readonly lookBy?: number | undefined;
}

/**
 * Keeps lease and record alive while handlers of one delivery are at work, and aborts its signal when they must give up:
 * the lease is lost, the process ends, the time of the run is up, or the run was cancelled. The reason is a MillraceError.
 */
export class DeliveryWatch {
  readonly #limit = new AbortController();
  readonly #releases: Array<() => void>;

  constructor(
    private readonly watched: Watched,
    private readonly execution: Execution,
    private readonly deps: WatchDeps,
  ) {
    const { clock, settings } = deps;
    this.#releases = [
      onAbort(execution.lease.lost, () => this.#abort('MILLRACE_TASK_LEASE_LOST', 'the lease was lost')),
      onAbort(execution.stopped, () => this.#abort('MILLRACE_TASK_STOPPED', 'the worker had to stop')),
      clock.after(watched.run.finaliseAt - clock.now(), () => this.#abort('MILLRACE_TASK_LATE', 'the time of the run was up')),
      every(clock, settings.heartbeatMs, () => this.#beat()),
    ];
  }

  get signal(): AbortSignal {
    return this.#limit.signal;
  }

  /** Ends the watch; the signal stays as it is. */
  release(): void {
    for (const release of this.#releases) release();
  }

  async #beat(): Promise<void> {
    const { clock, runs, settings } = this.deps;
    const { run, lookBy } = this.watched;
    const sweepAt = nextSweep({ finaliseAt: run.finaliseAt, lookBy }, clock.now(), settings);
    const [, touched] = await Promise.allSettled([this.execution.lease.extend(), runs.touch(run.id, sweepAt)]);
    if (touched.status === 'fulfilled' && touched.value !== undefined && terminalStatuses.has(touched.value)) {
      this.#abort('MILLRACE_TASK_REVOKED', 'the run is over');
    }
  }

  #abort(code: 'MILLRACE_TASK_LEASE_LOST' | 'MILLRACE_TASK_STOPPED' | 'MILLRACE_TASK_LATE' | 'MILLRACE_TASK_REVOKED', why: string): void {
    if (!this.#limit.signal.aborted) this.#limit.abort(taskErrors.error(code, `a task of run ${this.watched.run.id} was given up: ${why}`));
  }
}

/** Calls `act` once when the signal aborts, also if it has; the returned function takes that back. */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) act();
  signal.addEventListener('abort', act, { once: true });
  return () => signal.removeEventListener('abort', act);
}
