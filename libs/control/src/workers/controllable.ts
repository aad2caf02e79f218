import type { ActiveTry, PoolCard } from './worker-card.js';

/** A queue as a broker needs to know it. */
export interface QueueCard {
  readonly name: string;
  readonly leaseMs: number;
  readonly maxDeliveries: number;
}

/** What became of a task that was called outside any run. */
export type CallOutcome = { readonly status: 'succeeded'; readonly value: unknown } | { readonly status: 'failed'; readonly code: string; readonly message: string };

export interface LoneCall {
  /** Names the call as a run's id would. */
  readonly id: string;
  readonly task: string;
  readonly args: readonly unknown[];
  readonly timeoutMs: number;
}

/** What remote control needs of a worker. */
export interface Controllable {
  readonly queues: readonly QueueCard[];
  readonly pools: readonly PoolCard[];
  readonly tasks: readonly string[];
  /** Deliveries that were handed over and not yet answered. */
  readonly inHand: number;
  active(): readonly ActiveTry[];
  /** Tells the handlers that are at work for a run to give up; resolves with how many there were. */
  revoke(run: string): number;
  /** Rejects with MILLRACE_CONTROL_POOL. */
  resize(pool: string, slots: number): Promise<void>;
  serve(queue: QueueCard): Promise<void>;
  /** Takes nothing more from the queue; resolves when what was begun has ended. Rejects with MILLRACE_CONTROL_QUEUE. */
  leave(queue: string): Promise<void>;
  /** Carries out a task here and now, outside any run. */
  call(call: LoneCall): Promise<CallOutcome>;
}
