/** Slots that share one way of running handlers. */
export interface PoolCard {
  readonly name: string;
  readonly slots: number;
  /** Taken, be it by a handler or by a request for a message. */
  readonly busy: number;
}

/** What a process tells of itself, every few seconds while it is up. */
export interface WorkerCard {
  /** `<service>@<host>:<pid>:<time>`, so that a process that starts again is another one. */
  readonly id: string;
  readonly service: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly state: 'working' | 'draining';
  /** Empty for a process that is no worker. */
  readonly queues: readonly string[];
  readonly pools: readonly PoolCard[];
  /** Deliveries that were handed over and not yet answered. */
  readonly inHand: number;
  readonly tasks: readonly string[];
}

/** A try at work. */
export interface ActiveTry {
  readonly run: string;
  readonly step: string;
  readonly task: string;
  readonly attempt: number;
  /** When the handler began, in milliseconds since the epoch. */
  readonly since: number;
}
