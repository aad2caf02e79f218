import { isDeepStrictEqual } from 'node:util';
import type { Readable } from 'node:stream';
import type { BlobStore } from '@millrace/blob-store';
import type { Canvas } from '@millrace/canvas';
import type { IngestionTerms } from '@millrace/contracts';
import { type Clock, messageOf, type Random, sortableId } from '@millrace/kernel';
import type { RunHead, RunRecord, RunStore } from '@millrace/run-store';
import type { Log } from '@millrace/telemetry';
import { engineErrors } from './errors.js';
import type { FollowUp } from './follow-up.js';
import type { HintSender } from './hint-sender.js';
import { Journal, type Opening } from './journal.js';
import type { EngineSettings } from './settings.js';
import { nextSweep } from './sweep-times.js';

export interface StartRequest {
  /**
   * Names the run, for requests that may be repeated: the same id with the same data gives the run that is there. Letters,
   * digits and `_`, at most 64. Default: a new one.
   */
  readonly id?: string;
  readonly tenant: string;
  readonly canvas: Canvas;
  readonly contentType: string;
  readonly filename?: string;
  readonly callbackUrl?: string;
  readonly terms?: IngestionTerms;
  readonly budgetMs: number;
  readonly maxBytes: number;
}

/** What a request came to. */
export interface Started {
  readonly run: RunRecord;
  /** The run was there before: this request repeats another. */
  readonly replayed: boolean;
}

/** Steps A2 to A4 of the protocol: raw data, then record, then hint. When `start` resolves the ingestion is safe. */
export class RunStarter {
  readonly #journal: Journal;

  constructor(
    private readonly runs: RunStore,
    blobs: BlobStore,
    private readonly hints: HintSender,
    private readonly deps: { readonly followUp: FollowUp; readonly clock: Clock; readonly random: Random; readonly log: Log; readonly settings: EngineSettings },
  ) {
    this.#journal = new Journal(blobs);
  }

  /**
   * Rejects with MILLRACE_INGESTION_EMPTY or MILLRACE_BLOB_TOO_LARGE, or as the stores do; then nothing was accepted. With
   * MILLRACE_INGESTION_CONFLICT when the id is that of another ingestion.
   */
  async start(request: StartRequest, bytes: Readable): Promise<Started> {
    const opening = this.#open(request);
    const { created, raw } = await this.#journal.write(opening, { ...request, bytes });
    const head = { ...opening, raw };
    if (!created) return this.#again(head);
    return this.#create(head);
  }

  async #create(head: RunHead): Promise<Started> {
    const { clock, settings } = this.deps;
    const { applied, run } = await this.runs.create(head, nextSweep(head, clock.now(), settings));
    await this.#setOff(run);
    return { run, replayed: !applied };
  }

  #open({ id, tenant, canvas, callbackUrl, terms, budgetMs }: StartRequest): Opening {
    const { clock, random, settings } = this.deps;
    const createdAt = clock.now();
    const deadlineAt = createdAt + budgetMs;
    return {
      id: id ?? sortableId('ing', clock, random),
      tenant,
      canvas,
      ...(callbackUrl === undefined ? {} : { callback: { url: callbackUrl } }),
      ...(terms === undefined || Object.keys(terms).length === 0 ? {} : { terms }),
      createdAt,
      finaliseAt: deadlineAt - Math.min(settings.callbackReserveMs, Math.floor(budgetMs / 2)),
      deadlineAt,
    };
  }

  /** Gives the run of that id; begins it when its first request got no further than the journal. */
  async #again(head: RunHead): Promise<Started> {
    const run = await this.runs.read(head.id);
    const before: RunHead = run ?? (await this.#journal.read(head.id));
    if (!isDeepStrictEqual(identityOf(before), identityOf(head))) {
      throw engineErrors.error('MILLRACE_INGESTION_CONFLICT', `the id ${head.id} is that of another ingestion`, { detail: { id: head.id } });
    }
    if (run) return { run, replayed: true };
    return this.#create({ ...head, ...(before.raw === undefined ? {} : { raw: before.raw }) });
  }

  /** What goes wrong here is left to the sweeper: the run is committed. */
  async #setOff(run: RunRecord): Promise<void> {
    try {
      this.hints.send(await this.deps.followUp.all(run));
    } catch (err) {
      this.deps.log.warn({ run: run.id, reason: messageOf(err) }, 'run not set off');
    }
  }
}

/** What makes two requests of one id the same request. */
function identityOf({ tenant, canvas, callback, terms, raw }: RunHead): unknown {
  const bytes = terms?.fingerprint === undefined ? raw?.sha256 : undefined;
  return [tenant, canvas, callback?.url, terms, raw?.contentType, bytes];
}
