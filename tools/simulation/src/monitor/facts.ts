import type { BlobStore } from '@millrace/blob-store';
import type { RunRecord } from '@millrace/run-store';
import type { Ingestion } from '../workload/ingestion.js';
import type { World } from '../world/world.js';

/** The invariants of the protocol, by name; W1: a duplicate is not let go before what follows was sent again. */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11' | 'I12' | 'W1';

export interface Violation {
  readonly invariant: Invariant;
  /** Milliseconds since the simulation began. */
  readonly at: number;
  readonly what: string;
}

/** What the monitors know in common. */
export class Facts {
  readonly violations: Violation[] = [];
  /** Ingestions by the run of their acknowledgement. */
  readonly acknowledged = new Map<string, Ingestion>();
  /** Every state in which a run was frozen; more than one only after a failover. */
  readonly frozen = new Map<string, RunRecord[]>();
  /** When the store last lost what it had; -Infinity: never. */
  rolledBackAt = -Infinity;

  constructor(
    readonly world: World,
    readonly ingestions: readonly Ingestion[],
    readonly servers: { readonly records: ReadonlyMap<string, RunRecord>; readonly blobs: BlobStore },
  ) {}

  violate(invariant: Invariant, what: string): void {
    this.world.note('MONITOR', `${invariant} ${what}`);
    this.violations.push({ invariant, at: this.world.elapsed, what });
  }

  expect(holds: boolean, invariant: Invariant, what: string): void {
    if (!holds) this.violate(invariant, what);
  }

  record(run: string): RunRecord | undefined {
    return this.servers.records.get(run);
  }
}
