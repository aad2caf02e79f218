import type { RunRecord } from '@millrace/run-store';
import type { Post } from '../ports/receiver.js';
import type { Change } from '../ports/run-server.js';

/** Knows what a workload must come to: I4. */
export interface Oracle {
  changed(change: Change): void;
  /** Everything has come to rest. */
  atRest(posts: readonly Post[]): Promise<void>;
  /** Whether an open step is not to be run as the record stands, so that a message for it may go. */
  isIdle(record: RunRecord, step: string): boolean;
  /** Whether nothing of a run is left to run. */
  isOver(record: RunRecord): boolean;
}
