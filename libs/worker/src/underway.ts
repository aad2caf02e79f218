import type { Clock } from '@millrace/kernel';
import { type AnyTask, taskErrors } from '@millrace/tasks';
import type { EventBus } from '@millrace/telemetry';
import { onAbort } from './delivery-watch.js';
import type { Arguments, HandlerRun, Try, TryRunner } from './pools/pool.js';

/** A try that is at work. */
export interface ActiveTry {
  readonly run: string;
  readonly step: string;
  readonly task: string;
  readonly attempt: number;
  /** When it began, in milliseconds since the epoch. */
  readonly since: number;
}

interface AtWork {
  readonly tried: Try;
  readonly since: number;
  readonly limit: AbortController;
}

/** Knows the tries that are at work, tells of each, and can have those of a run given up. */
export class Underway implements TryRunner {
  readonly #tries = new Set<AtWork>();

  constructor(
    private readonly runner: TryRunner,
    private readonly deps: { readonly clock: Clock; readonly events?: EventBus | undefined },
  ) {}

  async run(task: AnyTask, tried: Try, previous: Arguments, given: AbortSignal): Promise<HandlerRun> {
    const { clock, events } = this.deps;
    const limit = new AbortController();
    const release = onAbort(given, () => limit.abort(given.reason));
    const atWork = { tried, since: clock.now(), limit };
    this.#tries.add(atWork);
    if (events?.enabled) events.publish({ type: 'task.started', ...namesOf(tried) });
    try {
      const ended = await this.runner.run(task, tried, previous, limit.signal);
      if (events) this.#tellGivenUp(tried, ended, events);
      return ended;
    } finally {
      this.#tries.delete(atWork);
      release();
    }
  }

  active(): readonly ActiveTry[] {
    return Array.from(this.#tries, ({ tried, since }) => ({ ...namesOf(tried), since }));
  }

  /** Tells the handlers at work for a run that it was cancelled; returns how many there were. */
  revoke(run: string): number {
    const found = [...this.#tries].filter(({ tried }) => tried.run.id === run);
    for (const { limit } of found) limit.abort(taskErrors.error('MILLRACE_TASK_REVOKED', `a task of run ${run} was given up: the run was cancelled`));
    return found.length;
  }

  #tellGivenUp(tried: Try, { outcome }: HandlerRun, events: EventBus): void {
    const type = outcome.kind === 'failed' ? givenUp[outcome.error.code] : undefined;
    if (type) events.publish({ type, ...namesOf(tried) });
  }
}

/** What became of handlers that were told to give up. */
const givenUp: Readonly<Record<string, 'task.revoked' | 'task.late'>> = { MILLRACE_TASK_REVOKED: 'task.revoked', MILLRACE_TASK_LATE: 'task.late' };

/** What names a try in events and lists. */
export const namesOf = ({ id, run, step, attempt }: Try): Omit<ActiveTry, 'since'> => ({
  run: run.id,
  step: id,
  task: step.signature.task,
  attempt,
});
