import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import type { BlobStore } from '@millrace/blob-store';
import type { Canvas } from '@millrace/canvas';
import type { ArtifactRef } from '@millrace/contracts';
import { type Clock, type Random, sortableId } from '@millrace/kernel';
import type { RunHead, RunRecord, RunStore } from '@millrace/run-store';
import { engineErrors } from './errors.js';
import type { HintSender } from './hint-sender.js';
import { nextHints } from './hints.js';
import { rawKey } from './keys.js';
import type { EngineSettings } from './settings.js';
import { nextSweep } from './sweep-times.js';

export interface StartRequest {
  readonly tenant: string;
  readonly canvas: Canvas;
  readonly contentType: string;
  readonly filename?: string;
  readonly callbackUrl?: string;
  readonly budgetMs: number;
  readonly maxBytes: number;
}

/** Steps A2 to A4 of the protocol: raw data, then record, then hint. When `start` resolves the ingestion is safe. */
export class RunStarter {
  constructor(
    private readonly runs: RunStore,
    private readonly blobs: BlobStore,
    private readonly hints: HintSender,
    private readonly deps: { readonly clock: Clock; readonly random: Random; readonly settings: EngineSettings },
  ) {}

  /** Rejects with MILLRACE_INGESTION_EMPTY or MILLRACE_BLOB_TOO_LARGE, or as the stores do; then nothing was accepted. */
  async start(request: StartRequest, payload: Readable): Promise<RunRecord> {
    const { clock, random, settings } = this.deps;
    const createdAt = clock.now();
    const deadlineAt = createdAt + request.budgetMs;
    const opening = {
      id: sortableId('ing', clock, random),
      tenant: request.tenant,
      canvas: request.canvas,
      ...(request.callbackUrl === undefined ? {} : { callback: { url: request.callbackUrl } }),
      createdAt,
      finaliseAt: deadlineAt - Math.min(settings.callbackReserveMs, Math.floor(request.budgetMs / 2)),
      deadlineAt,
    };
    const raw = await this.#storeRaw(opening, request, payload);
    const { run } = await this.runs.create({ ...opening, raw }, nextSweep(opening, createdAt, settings));
    this.hints.send(nextHints(run, createdAt));
    return run;
  }

  /** Writes the journal entry of the run: one line of JSON from which its record can be made again, then the payload. */
  async #storeRaw(opening: Omit<RunHead, 'raw'>, request: StartRequest, payload: Readable): Promise<ArtifactRef> {
    const described = { contentType: request.contentType, ...(request.filename === undefined ? {} : { filename: request.filename }) };
    const manifest = Buffer.from(`${JSON.stringify({ ...opening, raw: described })}\n`);
    const key = rawKey(opening.id);
    const hash = createHash('sha256');
    let bytes = 0;
    const measured = new Transform({
      construct(done) {
        this.push(manifest);
        done();
      },
      transform(chunk: Uint8Array, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.byteLength;
        done(null, chunk);
      },
      flush: (done) => done(bytes === 0 ? engineErrors.error('MILLRACE_INGESTION_EMPTY', 'the request has no body') : null),
    });
    payload.once('error', (err) => measured.destroy(err));
    measured.on('error', () => undefined); // whoever reads it is told; but it may fail before anybody does
    await this.blobs.putIfAbsent(key, payload.pipe(measured), { maxBytes: request.maxBytes + manifest.byteLength });
    return { key, bytes, offset: manifest.byteLength, sha256: hash.digest('hex'), ...described };
  }
}
