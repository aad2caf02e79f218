/** Times of the no-loss protocol, in milliseconds. */
export interface EngineSettings {
  /** Without progress for this long, the hints of a run are sent again. */
  readonly sweepAfterMs: number;
  /** The longest wait between two sweeps of a run. */
  readonly maxSweepAfterMs: number;
  /** How often the sweeper looks for runs that are due. */
  readonly sweepEveryMs: number;
  /** Kept back from the budget for freezing and delivering the outcome. */
  readonly callbackReserveMs: number;
  /** Claims that came to nothing, not even an error, after which a step counts as poison. */
  readonly maxClaims: number;
  /** A result of at most this many bytes of JSON lies in the record, a larger one in the blob store. */
  readonly inlineResultBytes: number;
  /** How often a running handler's lease is extended. */
  readonly heartbeatMs: number;
}

export const defaultSettings: EngineSettings = {
  sweepAfterMs: 2_000,
  maxSweepAfterMs: 60_000,
  sweepEveryMs: 500,
  callbackReserveMs: 1_000,
  maxClaims: 6,
  inlineResultBytes: 2_048,
  heartbeatMs: 1_300,
};
