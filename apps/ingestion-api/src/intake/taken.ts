import type { Readable } from 'node:stream';
import type { IngestionOptions } from '@millrace/contracts';

/** What a request brought, ready to begin a run with. */
export interface Taken {
  readonly contentType: string;
  readonly filename?: string;
  readonly options: IngestionOptions;
  readonly bytes: Readable;
  /** SHA-256 that stands for the data, if the bytes' own does not. */
  readonly fingerprint?: string;
  /** Removes what was stored on the way, when no run is begun with it. */
  discard?(): Promise<void>;
}
