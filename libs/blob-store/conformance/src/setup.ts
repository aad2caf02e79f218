import type { BlobStore } from '@millrace/blob-store';

/** What the suite needs to know to exercise an adapter. */
export interface BlobStoreSetup {
  /** A new store on the folder or bucket that all stores of this suite share, as another process would have it. */
  create(): Promise<BlobStore>;
  /** A store that cannot be reached or written. */
  createUnreachable(): Promise<BlobStore>;
  /** How many keys the service lists in one page; the suite lists more. */
  readonly page: number;
}
