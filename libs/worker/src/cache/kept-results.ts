import { blobErrors, type BlobStore } from '@millrace/blob-store';
import type { ArtifactRef } from '@millrace/contracts';
import type { DocumentName, DocumentStore } from '@millrace/document-store';
import { ArtifactStore } from '@millrace/engine';
import { type Clock, MillraceError } from '@millrace/kernel';
import { storedReferences, withReferences } from './references.js';

export interface KeptResult {
  readonly value: unknown;
  /** What working it out took. */
  readonly handlerMs: number;
}

export interface KeptResultsDeps {
  readonly documents: DocumentStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
}

const dayMs = 86_400_000;
const folder = 'cache';

/**
 * Results as documents, with artifacts of their own: `cache/<the last day they may be needed>/…`. A run that was given a kept
 * result reads its artifacts within a day, so they outlive the document by one.
 */
export class KeptResults {
  /** Keeps nothing in memory, so that what it finds is really there. */
  readonly #artifacts: ArtifactStore;

  constructor(private readonly deps: KeptResultsDeps) {
    this.#artifacts = new ArtifactStore(deps.blobs, 0);
  }

  /** Undefined when there is none, or when an artifact of it is gone or damaged; then the result is gone, too. */
  async find(name: DocumentName): Promise<KeptResult | undefined> {
    const document = await this.deps.documents.get(name);
    if (!document) return undefined;
    const kept = JSON.parse(document.value) as KeptResult;
    if (await this.#isWhole(storedReferences(kept.value))) return kept;
    await this.deps.documents.remove(name, { ifVersion: document.version });
    return undefined;
  }

  async keep(name: DocumentName, { value, handlerMs }: KeptResult, ttlMs: number): Promise<void> {
    const expiresAt = this.deps.clock.now() + ttlMs;
    const prefix = `${folder}/${dayOf(expiresAt + dayMs)}/${name.key}`;
    const refs = storedReferences(value);
    const copies = await Promise.all(refs.map((ref, index) => this.#copy(ref, `${prefix}-${index}`)));
    const copied = new Map(refs.map((ref, index) => [ref.key, copies[index] ?? ref]));
    const own = withReferences(value, (ref) => copied.get(ref.key) ?? ref);
    await this.deps.documents.put(name, JSON.stringify({ value: own, handlerMs }), { expiresAt });
  }

  /** Removes the artifacts that nobody needs any more, once a day over all workers; resolves with how many. */
  async removeExpired(): Promise<number> {
    const { documents, blobs, clock } = this.deps;
    const today = dayOf(clock.now());
    const { applied } = await documents.put({ collection: 'results-removed', key: today }, 'true', { ifVersion: 0, expiresAt: clock.now() + 2 * dayMs });
    if (!applied) return 0;
    let removed = 0;
    for await (const key of blobs.list(`${folder}/`)) {
      if ((key.split('/')[1] ?? today) >= today) continue;
      await blobs.remove(key);
      removed += 1;
    }
    return removed;
  }

  async #copy(ref: ArtifactRef, key: string): Promise<ArtifactRef> {
    const { filename, field } = ref;
    const copy = await this.#artifacts.write(key, await this.#artifacts.read(ref), ref.contentType);
    return { ...copy, ...(filename === undefined ? {} : { filename }), ...(field === undefined ? {} : { field }) };
  }

  async #isWhole(refs: readonly ArtifactRef[]): Promise<boolean> {
    try {
      await Promise.all(refs.map((ref) => this.#artifacts.read(ref)));
      return true;
    } catch (err) {
      if (MillraceError.is(err) && lost.has(err.code)) return false;
      throw err;
    }
  }
}

const lost: ReadonlySet<string> = new Set<keyof typeof blobErrors.catalogue>(['MILLRACE_BLOB_NOT_FOUND', 'MILLRACE_BLOB_CORRUPT']);

/** `2026-11-30`. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
