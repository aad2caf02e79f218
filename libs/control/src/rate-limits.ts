import type { DocumentStore, RateLimit } from '@millrace/document-store';
import { collections, listAll, read } from './collections.js';

export interface TaskRateLimit extends RateLimit {
  /** A task's name, or `task/key` for one key of a task. */
  readonly name: string;
}

/** How often tasks may begin, over all workers; a change holds from the next try on. */
export class RateLimits {
  constructor(private readonly documents: DocumentStore) {}

  async list(): Promise<readonly TaskRateLimit[]> {
    const found = await listAll(this.documents, collections.rateLimits);
    return found.map((document) => ({ name: document.key, ...read<RateLimit>(document) }));
  }

  async set({ name, perSecond, burst }: TaskRateLimit): Promise<void> {
    await this.documents.put({ collection: collections.rateLimits, key: name }, JSON.stringify({ perSecond, burst }));
  }

  /** Resolves with whether there was one. */
  clear(name: string): Promise<boolean> {
    return this.documents.remove({ collection: collections.rateLimits, key: name });
  }
}
