import { type Begins, type Canvas, signature, type SignatureOptions, type ValueOf, withOptions } from '@millrace/canvas';
import type { DocumentStore } from '@millrace/document-store';
import { type EngineSettings, type FollowUp, type HintSender, nextSweep, type StepResults } from '@millrace/engine';
import { type Clock, messageOf, type Random, sortableId } from '@millrace/kernel';
import type { RunHead, RunRecord, RunStore } from '@millrace/run-store';
import type { Task } from '@millrace/tasks';
import type { Log } from '@millrace/telemetry';
import { checkCanvas } from './check-canvas.js';
import { RunHandle } from './run-handle.js';
import { type Dedup, idOnce } from './run-once.js';

export interface ClientDeps {
  readonly runs: RunStore;
  /** Asked only for runs with `dedup`. */
  readonly documents: DocumentStore;
  readonly results: StepResults;
  readonly followUp: FollowUp;
  readonly hints: HintSender;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly settings: EngineSettings;
}

export interface RunOptions {
  /** Names the run, so that it is begun once however often it is asked for. Letters, digits, `_`; at most 64. Made up if absent. */
  readonly id?: string;
  /** Begins the run only if none was begun under this key within the window; else the one that was is meant. */
  readonly dedup?: Dedup;
  readonly tenant?: string;
  /** The time of the whole run; what is not done then is late. Default one hour. */
  readonly timeoutMs?: number;
  /** How long to keep its record and result once it is over. */
  readonly retentionMs?: number;
  /** Where to POST the outcome; it takes a callback dispatcher. */
  readonly callbackUrl?: string;
}

export interface SendOptions extends RunOptions {
  /** How the one call is to be carried out. */
  readonly call?: SignatureOptions;
}

const anHour = 3_600_000;

/** Begins runs and finds them again. Any process that reaches the broker and the stores can have one. */
export class Client {
  constructor(private readonly deps: ClientDeps) {}

  /**
   * Begins a run of a canvas. When it resolves the run is safe: it goes on whatever becomes of this process. Rejects with
   * MILLRACE_CANVAS_… for a canvas that cannot be run, MILLRACE_ROUTE_… when a step would go nowhere, or as the stores.
   */
  async run<C extends Canvas>(canvas: C & Begins<C>, options: RunOptions = {}): Promise<RunHandle<ValueOf<C>>> {
    const { runs, clock, settings, hints } = this.deps;
    checkCanvas(canvas, hints.router);
    const head = await this.#once(this.#head(canvas, options), options.dedup);
    const { applied, run } = await runs.create(head, nextSweep(head, clock.now(), settings), { watched: 'end' });
    if (applied) await this.#setOff(run);
    return this.handle<ValueOf<C>>(run.id);
  }

  /** Begins a run of one task, known by its definition or by its name alone. As `run`. */
  send<Args extends readonly unknown[], Out, Given extends readonly unknown[]>(task: Task<Args, Out, Given>, args: Given, options?: SendOptions): Promise<RunHandle<Out>>;
  send(task: string, args: readonly unknown[], options?: SendOptions): Promise<RunHandle>;
  send(task: string | Pick<Task, 'name'>, args: readonly unknown[], { call, ...options }: SendOptions = {}): Promise<RunHandle> {
    const bare = signature(typeof task === 'string' ? task : task.name, ...args);
    return this.run(call ? withOptions(bare, call) : bare, options);
  }

  /** A run that may have been begun elsewhere, or long ago. */
  handle<Out = unknown>(id: string): RunHandle<Out> {
    return new RunHandle<Out>(id, this.deps);
  }

  /** The record is to outlive the window, or it would be begun again within it. */
  async #once(head: RunHead, dedup: Dedup | undefined): Promise<RunHead> {
    if (!dedup) return head;
    const id = await idOnce(this.deps, head.tenant, { ...dedup, id: head.id });
    return { ...head, id, ...(head.retentionMs !== undefined && { retentionMs: Math.max(head.retentionMs, dedup.windowMs) }) };
  }

  /** What goes wrong here is left to the sweeper: the run is committed. */
  async #setOff(run: RunRecord): Promise<void> {
    try {
      this.deps.hints.send(await this.deps.followUp.all(run));
    } catch (err) {
      this.deps.log.warn({ run: run.id, reason: messageOf(err) }, 'run not set off');
    }
  }

  #head(canvas: Canvas, { id, tenant = 'default', timeoutMs = anHour, retentionMs, callbackUrl }: RunOptions): RunHead {
    const { clock, random, settings } = this.deps;
    const createdAt = clock.now();
    const deadlineAt = createdAt + timeoutMs;
    const reserveMs = callbackUrl === undefined ? 0 : Math.min(settings.callbackReserveMs, Math.floor(timeoutMs / 2));
    return {
      id: id ?? sortableId('run', clock, random),
      tenant,
      canvas,
      createdAt,
      finaliseAt: deadlineAt - reserveMs,
      deadlineAt,
      ...(retentionMs === undefined ? {} : { retentionMs }),
      ...(callbackUrl === undefined ? {} : { callback: { url: callbackUrl } }),
    };
  }
}
