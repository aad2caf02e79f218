import { createHash } from 'node:crypto';
import { blobErrors, type BlobStore } from '@millrace/blob-store';
import type { ArtifactRef } from '@millrace/contracts';

/** Reads and writes artifacts, with the bytes read last kept in memory: the tasks of a run often read the same. */
export class ArtifactStore {
  readonly #kept = new Map<string, { readonly bytes: Promise<Uint8Array>; readonly size: number }>();
  #keptBytes = 0;

  /** `keepBytes`: how much is kept in memory at most. */
  constructor(
    private readonly blobs: BlobStore,
    private readonly keepBytes = 16 * 1024 * 1024,
  ) {}

  /**
   * A few bytes travel in the reference itself; more become an object, named after `key` and its bytes: after a failover of
   * the run store a claim's number may come again, and other bytes must not take the place of what is referred to.
   */
  async write(key: string, bytes: Uint8Array, contentType: string): Promise<ArtifactRef> {
    const sha256 = sha256Of(bytes);
    const ref = { key: `${key}-${sha256.slice(0, 16)}`, bytes: bytes.byteLength, sha256, contentType };
    if (bytes.byteLength <= inlineBytes) return { ...ref, inline: Buffer.from(bytes).toString('base64') };
    await this.blobs.put(ref.key, bytes);
    return ref;
  }

  async read(ref: ArtifactRef): Promise<Uint8Array> {
    if (ref.inline !== undefined) return Buffer.from(ref.inline, 'base64');
    const kept = this.#kept.get(ref.key);
    if (kept) return kept.bytes;
    const bytes = this.#fetch(ref);
    this.#keep(ref, bytes);
    return bytes;
  }

  async head(ref: ArtifactRef, bytes: number): Promise<Uint8Array> {
    const kept = await this.#kept.get(ref.key)?.bytes;
    if (kept) return kept.subarray(0, bytes);
    if (ref.bytes <= bytes || ref.inline !== undefined) return (await this.read(ref)).subarray(0, bytes);
    const offset = ref.offset ?? 0;
    return (await this.blobs.get(ref.key, { bytes: offset + bytes })).subarray(offset);
  }

  async #fetch(ref: ArtifactRef): Promise<Uint8Array> {
    const offset = ref.offset ?? 0;
    const bytes = (await this.blobs.get(ref.key)).subarray(offset, offset + ref.bytes);
    if (sha256Of(bytes) === ref.sha256) return bytes;
    throw blobErrors.error('MILLRACE_BLOB_CORRUPT', `the bytes of ${ref.key} do not have the hash of their reference`);
  }

  #keep(ref: ArtifactRef, bytes: Promise<Uint8Array>): void {
    if (ref.bytes > this.keepBytes) return;
    this.#kept.set(ref.key, { bytes, size: ref.bytes });
    this.#keptBytes += ref.bytes;
    bytes.catch(() => this.#drop(ref.key));
    for (const key of this.#kept.keys()) {
      if (this.#keptBytes <= this.keepBytes && this.#kept.size <= mostKept) break;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#keptBytes -= this.#kept.get(key)?.size ?? 0;
    this.#kept.delete(key);
  }
}

/** Tasks of one run read the same within moments; what is older is not asked for again. */
const mostKept = 64;

/** As references are copied into the arguments of every task that reads them, few. */
const inlineBytes = 256;

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
