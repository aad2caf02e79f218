import type { RunStore } from '@millrace/run-store';

/** What the suite needs to know to exercise an adapter. */
export interface RunStoreSetup {
  /** A new store, as another process would have it, on data that all stores of this suite share with nobody else. */
  create(): RunStore;
  /** A store on an address where nothing listens; absent of a store that has no address. */
  readonly createUnreachable?: () => RunStore;
}
