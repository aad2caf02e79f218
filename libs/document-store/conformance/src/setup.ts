import type { DocumentStore } from '@millrace/document-store';
import type { Clock } from '@millrace/kernel';

/** What the suite needs to know to exercise an adapter. */
export interface DocumentStoreSetup {
  /** A new store, as another process would have it, on data that all stores of this suite share with nobody else. */
  create(clock: Clock): DocumentStore;
  /** A store on an address where nothing listens; absent of a store that has no address. */
  readonly createUnreachable?: (clock: Clock) => DocumentStore;
}
