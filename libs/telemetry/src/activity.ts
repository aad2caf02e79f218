/** A try at a step. Times in milliseconds. */
interface Try {
  readonly run: string;
  readonly step: string;
  readonly task: string;
  readonly attempt: number;
}

export type TaskActivity =
  /** A message was handed to the process. */
  | { readonly type: 'task.received'; readonly run: string; readonly step: string; readonly task: string; readonly queue: string; readonly deliveryCount: number }
  | ({ readonly type: 'task.started' } & Try)
  /** `settled`: with a result, a canvas in its place, or the case of a branch. */
  | ({ readonly type: 'task.succeeded'; readonly handlerMs: number; readonly settled: 'succeeded' | 'replaced' | 'chosen' | 'joined' } & Try)
  /** Another try had settled the step before, or the run was over. */
  | ({ readonly type: 'task.superseded'; readonly handlerMs: number } & Try)
  | ({ readonly type: 'task.failed'; readonly handlerMs: number; readonly code: string; readonly reason: string } & Try)
  | ({ readonly type: 'task.retried'; readonly delayMs: number } & Try)
  /** The run was cancelled, or its time was up, while the handler was at work. */
  | ({ readonly type: 'task.revoked' | 'task.late' } & Try)
  /** The message became a dead letter. */
  | { readonly type: 'task.rejected'; readonly queue: string; readonly reason: string };

export type RunActivity =
  | { readonly type: 'run.accepted'; readonly run: string; readonly tenant: string }
  /** The canvas is over, or its time is up. */
  | { readonly type: 'run.finished'; readonly run: string; readonly tenant: string }
  | { readonly type: 'run.cancelled'; readonly run: string; readonly reason?: string }
  /** The callback was delivered, or given up. */
  | { readonly type: 'run.delivered' | 'run.undelivered'; readonly run: string; readonly attempts: number };

export type WorkerActivity =
  | { readonly type: 'worker.online' | 'worker.offline'; readonly service: string; readonly host: string; readonly pid: number }
  | { readonly type: 'worker.heartbeat'; readonly service: string; readonly inHand: number; readonly slots: number; readonly rssBytes: number };

/** Something that happened to a task, a run or a worker. Plain data, without arguments and results. */
export type Activity = TaskActivity | RunActivity | WorkerActivity;

/** An activity as it was published. Readers pass over versions and types that they do not know. */
export type ActivityEvent = Activity & {
  readonly version: 1;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The id of the process that tells. */
  readonly source: string;
};
