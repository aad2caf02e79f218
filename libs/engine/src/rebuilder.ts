import { type Clock, messageOf, sleep } from '@millrace/kernel';
import { type RunHead, type RunRecord, type RunStore, terminalStatuses } from '@millrace/run-store';
import type { Log } from '@millrace/telemetry';
import type { Journal } from './journal.js';

/** What one pass over the journal came to, in runs. */
export interface Rebuilt {
  readonly rebuilt: number;
  readonly failed: number;
}

/** Runs looked at together. */
const batch = 16;

/** A pass that did not go through is made again after this long. */
const againMs = 1_000;

/** A run is noted as done only this long after its deadline, so that no store loses its end afterwards. */
const doneAfterMs = 60_000;

/**
 * Makes records again that the run store has lost, from the journal: needed after a failover or a power cut of a store
 * that may lose its last writes. A rebuilt run begins anew, with its whole budget. Its outcome, if one was written
 * before, stays as it is, and its callbacks have the same id and the same bytes.
 *
 * A run that is over is noted as done, and then left alone also when its record has expired; so passes must come more
 * often than records expire.
 */
export class Rebuilder {
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(
    private readonly runs: Pick<RunStore, 'read' | 'create'>,
    private readonly journal: Journal,
    private readonly deps: { readonly clock: Clock; readonly log: Log },
  ) {}

  /** Resolves when a pass that began after this call has gone through, or `stop` was called. Calls may share a pass. */
  ask(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      this.#running = this.#untilThrough();
      return this.#running;
    });
    return this.#next;
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** One pass. Rejects when the journal cannot be listed; a run whose entry or record cannot be read or written is counted. */
  async rebuild(): Promise<Rebuilt> {
    const done = new Set<string>();
    for await (const run of this.journal.done()) done.add(run);
    const found: Array<'there' | 'rebuilt' | 'failed'> = [];
    let together: string[] = [];
    for await (const run of this.journal.runs()) {
      if (done.has(run)) continue;
      together.push(run);
      if (together.length < batch) continue;
      found.push(...(await this.#lookAfterAll(together)));
      together = [];
    }
    found.push(...(await this.#lookAfterAll(together)));
    const count = (what: string): number => found.filter((one) => one === what).length;
    return { rebuilt: count('rebuilt'), failed: count('failed') };
  }

  async #untilThrough(): Promise<void> {
    const { clock, log } = this.deps;
    while (!this.#stopping.signal.aborted) {
      try {
        const { rebuilt, failed } = await this.rebuild();
        log.info({ rebuilt, failed }, 'journal compared with the run store');
        if (failed === 0) return;
      } catch (err) {
        log.warn({ reason: messageOf(err) }, 'journal not compared with the run store');
      }
      await sleep(clock, againMs, this.#stopping.signal);
    }
  }

  #lookAfterAll(runs: readonly string[]): Promise<ReadonlyArray<'there' | 'rebuilt' | 'failed'>> {
    return Promise.all(
      runs.map((run) =>
        this.#lookAfter(run).catch((err: unknown) => {
          this.deps.log.warn({ run, reason: messageOf(err) }, 'run not rebuilt');
          return 'failed' as const;
        }),
      ),
    );
  }

  async #lookAfter(id: string): Promise<'there' | 'rebuilt'> {
    const run = await this.runs.read(id);
    if (run) {
      if (this.#isDone(run)) await this.journal.noteDone(id);
      return 'there';
    }
    const now = this.deps.clock.now();
    const { applied } = await this.runs.create(anew(await this.journal.read(id), now), now);
    if (!applied) return 'there';
    this.deps.log.warn({ run: id }, 'run rebuilt');
    return 'rebuilt';
  }

  #isDone({ status, deadlineAt }: RunRecord): boolean {
    return terminalStatuses.has(status) && this.deps.clock.now() > deadlineAt + doneAfterMs;
  }
}

/** A run is not to be late for what its store has lost. */
function anew(head: RunHead, now: number): RunHead {
  const lostMs = Math.max(0, now - head.createdAt);
  return { ...head, finaliseAt: head.finaliseAt + lostMs, deadlineAt: head.deadlineAt + lostMs };
}
