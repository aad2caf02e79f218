import type { Document, DocumentStore } from '@millrace/document-store';
import { ManualClock, sortableId, systemClock, systemRandom } from '@millrace/kernel';
import type { DocumentStoreSetup } from './setup.js';

/** A collection that no other test uses; a bucket too. */
export const newCollection = (): string => sortableId('docs', systemClock, systemRandom);

/** Two stores on the same data, and the one clock that both go by. */
export class Stage {
  readonly clock = new ManualClock();
  readonly #setup: DocumentStoreSetup;
  #stores: readonly [DocumentStore, DocumentStore] | undefined;

  constructor(setup: DocumentStoreSetup) {
    this.#setup = setup;
  }

  async open(): Promise<void> {
    this.#stores = [this.another(), this.another()];
    await Promise.all([this.store.prepare(), this.rival.prepare()]);
    await this.store.prepare();
  }

  /** One more store on the same data; the caller closes it. */
  another(): DocumentStore {
    return this.#setup.create(this.clock);
  }

  async close(): Promise<void> {
    await Promise.all(this.#stores?.map((store) => store.close()) ?? []);
  }

  get store(): DocumentStore {
    return this.#opened[0];
  }

  /** Stands for another process. */
  get rival(): DocumentStore {
    return this.#opened[1];
  }

  get #opened(): readonly [DocumentStore, DocumentStore] {
    if (!this.#stores) throw new Error('the stage is not open');
    return this.#stores;
  }

  /** All pages of a collection. */
  async all(collection: string, { prefix = '', limit = 1_000 } = {}): Promise<Document[]> {
    const documents: Document[] = [];
    for (;;) {
      const last = documents.at(-1);
      const page = await this.rival.list(collection, { prefix, limit, ...(last && { after: last.key }) });
      if (page.length === 0) return documents;
      documents.push(...page);
    }
  }
}
