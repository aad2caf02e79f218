import { progressOf, isOver } from '@millrace/engine';
import { News } from '@millrace/kernel';
import { type RunRecord, type RunStatus, terminalStatuses, type WatchScope } from '@millrace/run-store';
import { mermaidOfRun } from '@millrace/canvas';
import type { ClientDeps } from './client.js';
import { clientErrors } from './errors.js';
import { type RunEvent, newEvents } from './run-events.js';
import { failureOf } from './run-failure.js';
import { type RunView, runView } from './run-view.js';

export interface WaitOptions {
  /** How long to wait at most; without one, until the run's own time is up. */
  readonly timeoutMs?: number;
  /** Stops waiting; the run goes on. */
  readonly signal?: AbortSignal;
}

/** A missed notification costs at most this long. */
const lookAnywayMs = 2_000;

/** One run, from any process. */
export class RunHandle<Out = unknown> {
  constructor(
    readonly id: string,
    private readonly deps: ClientDeps,
  ) {}

  /**
   * The value of the run's canvas, as soon as it is there. Rejects with MILLRACE_RUN_FAILED, MILLRACE_RUN_CANCELLED or
   * MILLRACE_RUN_LATE when there will be none, MILLRACE_RUN_NOT_YET when the caller's own time is up,
   * MILLRACE_RUN_UNKNOWN without such a run.
   */
  async result(options: WaitOptions = {}): Promise<Out> {
    for await (const record of this.#records(options, 'end')) {
      const run = progressOf(record);
      if (run.status === 'succeeded') return (await this.deps.results.valueOf(record, run.plans[0]?.output ?? null)) as Out;
      if (isOver(run) || isEnded(record.status)) throw failureOf(record, run);
    }
    throw clientErrors.error('MILLRACE_RUN_NOT_YET', `run ${this.id} is not over yet`);
  }

  /** Where the run stands: every step, what became of it, how often it was tried. Rejects with MILLRACE_RUN_UNKNOWN. */
  async status(): Promise<RunView> {
    return runView(await this.record(), this.deps.runs);
  }

  /** Cancels the run as a whole: nothing more of it is begun, and handlers at work are told. False when it was over before. */
  async cancel(reason?: string): Promise<boolean> {
    const cancelled = await this.deps.runs.cancel(this.id, { frozenAt: this.deps.clock.now(), ...(reason === undefined ? {} : { reason }) });
    if (!cancelled) throw unknown(this.id);
    return cancelled.applied;
  }

  /** What happens to the run from its beginning until it is over. Of changes in quick succession the last may stand for all. */
  async *events(options: WaitOptions = {}): AsyncIterable<RunEvent> {
    let before: RunRecord | undefined;
    for await (const record of this.#records(options, 'all')) {
      yield* newEvents(before, record);
      before = record;
    }
  }

  /** The live run as a Mermaid flowchart. */
  async mermaid(): Promise<string> {
    return mermaidOfRun(progressOf(await this.record()));
  }

  /** The record as it stands. Rejects with MILLRACE_RUN_UNKNOWN. */
  async record(): Promise<RunRecord> {
    const record = await this.deps.runs.read(this.id);
    if (record) return record;
    throw unknown(this.id);
  }

  /** The record now and after changes, or at the end alone, until the run has ended or the caller's time is up. Waits by notification. */
  async *#records({ timeoutMs = Infinity, signal }: WaitOptions, scope: WatchScope): AsyncIterable<RunRecord> {
    const { runs, clock } = this.deps;
    const until = clock.monotonic() + timeoutMs;
    const news = new News(clock);
    const stop = await runs.watch(this.id, () => news.tell(), scope);
    try {
      for (;;) {
        const record = await this.record();
        yield record;
        const leftMs = Math.min(lookAnywayMs, until - clock.monotonic());
        if (isEnded(record.status) || leftMs <= 0 || signal?.aborted) return;
        await news.wait(leftMs, signal);
      }
    } finally {
      await stop();
    }
  }
}

/** Nothing of the canvas can change any more. */
const isEnded = (status: RunStatus): boolean => terminalStatuses.has(status) || status === 'finalizing' || status === 'delivering';

const unknown = (id: string): Error => clientErrors.error('MILLRACE_RUN_UNKNOWN', `there is no run ${id}`);
