import type { BlobStore } from '@millrace/blob-store';
import type { CallbackEvent } from '@millrace/contracts';
import { finalKey, isOver, outcomeKey, progressOf, sha256Of, type StepResults } from '@millrace/engine';
import { type RunRecord, type RunStore, terminalStatuses } from '@millrace/run-store';

/** Where the results are, for a body that is too small for them. */
export interface ResultLink {
  readonly url: string;
  /** Of the bytes that it leads to, lower-case hex. */
  readonly sha256: string;
}

/** Makes the callback's body from a frozen record. Pure, so that whoever makes it makes the same. */
export type ComposeOutcome = (record: RunRecord, results: ReadonlyMap<string, unknown>, link?: ResultLink) => CallbackEvent;

export interface FinaliserOptions {
  readonly compose: ComposeOutcome;
  /** A larger body carries a link instead of results. */
  readonly inlineBytes: number;
  resultUrl(run: RunRecord): string;
}

/** A frozen run and the bytes that every attempt to deliver it sends. */
export interface FinalOutcome {
  readonly kind: 'frozen';
  readonly run: RunRecord;
  readonly body: Uint8Array;
}

/** Why there is none. `early`: the run's time is up in `byMs` milliseconds. */
export type NoOutcome = { readonly kind: 'absent' | 'over' } | { readonly kind: 'early'; readonly byMs: number };

/** Steps F0 to F2 of the protocol: freeze the record, write the outcome once, and go by what was written first. */
export class Finaliser {
  constructor(
    private readonly runs: RunStore,
    private readonly blobs: BlobStore,
    private readonly results: StepResults,
    private readonly options: FinaliserOptions,
  ) {}

  /**
   * A run that was frozen before keeps its outcome. None is made of a run that is over already, nor of one for which there
   * is still something to do and the time for it: what led here may be older than a failover of the store.
   */
  async finalise(id: string, now: number, sweepAt: number): Promise<FinalOutcome | NoOutcome> {
    const there = await this.runs.read(id);
    if (there && isEarly(there, now)) return { kind: 'early', byMs: there.finaliseAt - now };
    const run = there && !there.final ? (await this.runs.freeze(id, { frozenAt: now }, sweepAt, there.rev))?.run : there;
    if (!run) return { kind: 'absent' };
    if (terminalStatuses.has(run.status)) return { kind: 'over' };
    if (!run.final) return { kind: 'early', byMs: run.finaliseAt - now };
    if (run.delivery) return { kind: 'frozen', run, body: await this.blobs.get(finalKey(id)) };
    const composed = await this.#compose(run);
    const { created } = await this.blobs.putIfAbsent(finalKey(id), composed);
    return { kind: 'frozen', run, body: created ? composed : await this.blobs.get(finalKey(id)) };
  }

  /** The outcome with all its results inline, whatever its size. */
  async outcomeOf(run: RunRecord): Promise<CallbackEvent> {
    return this.options.compose(run, await this.results.all(run, progressOf(run)));
  }

  async #compose(run: RunRecord): Promise<Uint8Array> {
    const results = await this.results.all(run, progressOf(run));
    const whole = Buffer.from(JSON.stringify(this.options.compose(run, results)));
    if (whole.byteLength <= this.options.inlineBytes) return whole;
    const link = { url: this.options.resultUrl(run), sha256: await this.#keep(run.id, whole) };
    return Buffer.from(JSON.stringify(this.options.compose(run, results, link)));
  }

  /** The hash of what the link will lead to. */
  async #keep(id: string, whole: Uint8Array): Promise<string> {
    const { created } = await this.blobs.putIfAbsent(outcomeKey(id), whole);
    return sha256Of(created ? whole : await this.blobs.get(outcomeKey(id)));
  }
}

function isEarly(run: RunRecord, now: number): boolean {
  return (run.status === 'received' || run.status === 'running') && now < run.finaliseAt && !isOver(progressOf(run));
}
