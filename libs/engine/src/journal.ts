import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import type { BlobStore } from '@millrace/blob-store';
import type { ArtifactRef } from '@millrace/contracts';
import type { RunHead } from '@millrace/run-store';
import { sha256Of } from './artifact-store.js';
import { engineErrors } from './errors.js';
import { doneKey, rawKey } from './keys.js';

/** The raw data that a run is begun with, and what its sender says of it. */
export interface Payload {
  readonly bytes: Readable;
  readonly contentType: string;
  readonly filename?: string;
  readonly maxBytes: number;
}

/** What is known of a run before its raw data has been read. */
export type Opening = Omit<RunHead, 'raw'>;

type Described = Pick<ArtifactRef, 'contentType' | 'filename'>;

/**
 * The journal of runs in the blob store. An entry is one object: a line of JSON, then the raw data; from it a record can be
 * made again. What is in the journal outlives a run store that loses its last writes.
 */
export class Journal {
  constructor(private readonly blobs: BlobStore) {}

  /**
   * Writes a run's entry unless it has one; durable when it resolves. `raw` tells of the data given now, also when
   * `created` is false. Rejects with MILLRACE_INGESTION_EMPTY or MILLRACE_BLOB_TOO_LARGE; then nothing was written.
   */
  async write(opening: Opening, payload: Payload): Promise<{ readonly created: boolean; readonly raw: ArtifactRef }> {
    const { contentType, filename } = payload;
    const described: Described = { contentType, ...(filename === undefined ? {} : { filename }) };
    const manifest = Buffer.from(`${JSON.stringify({ ...opening, raw: described })}\n`);
    const key = rawKey(opening.id);
    const measured = new Measured(manifest);
    payload.bytes.once('error', (err) => measured.destroy(err));
    measured.on('error', () => undefined); // whoever reads it is told; but it may fail before anybody does
    const { created } = await this.blobs.putIfAbsent(key, payload.bytes.pipe(measured), { maxBytes: payload.maxBytes + manifest.byteLength });
    return { created, raw: { key, offset: manifest.byteLength, ...measured.result(), ...described } };
  }

  /** What a run was begun with. Rejects with MILLRACE_BLOB_NOT_FOUND, or SyntaxError for an object that is no entry. */
  async read(run: string): Promise<RunHead> {
    const key = rawKey(run);
    const object = await this.blobs.get(key);
    const offset = object.indexOf(newline) + 1;
    const { raw, ...opening } = JSON.parse(new TextDecoder().decode(object.subarray(0, offset))) as Opening & { raw: Described };
    const bytes = object.subarray(offset);
    return { ...opening, raw: { key, offset, bytes: bytes.byteLength, sha256: sha256Of(bytes), ...raw } };
  }

  /** The ids of all runs that have an entry. */
  runs(): AsyncIterable<string> {
    return idsOf(this.blobs.list('raw/'));
  }

  /** The ids of those that are noted as done: their records need not be made again. */
  done(): AsyncIterable<string> {
    return idsOf(this.blobs.list('done/'));
  }

  async noteDone(run: string): Promise<void> {
    await this.blobs.putIfAbsent(doneKey(run), new Uint8Array());
  }
}

const newline = 0x0a;

async function* idsOf(keys: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const key of keys) yield key.slice(key.lastIndexOf('/') + 1);
}

/** Lets data pass behind a line that goes before it, and counts and hashes the data. Empty data is an error. */
class Measured extends Transform {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(manifest: Uint8Array) {
    super();
    this.push(manifest);
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: (err: Error | null, chunk: Uint8Array) => void): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.byteLength;
    done(null, chunk);
  }

  override _flush(done: (err?: Error | null) => void): void {
    done(this.#bytes === 0 ? engineErrors.error('MILLRACE_INGESTION_EMPTY', 'the request has no body') : null);
  }

  result(): Pick<ArtifactRef, 'bytes' | 'sha256'> {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}
