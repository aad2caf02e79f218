import type { CallOutcome, QueueCard } from '../workers/controllable.js';
import type { ActiveTry } from '../workers/worker-card.js';

/** Counts and sizes of one process, as they are now. */
export interface ProcessStats {
  readonly uptimeMs: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly externalBytes: number;
  /** CPU time since the start, in milliseconds. */
  readonly cpuMs: number;
  /** How late a timer fires, in milliseconds. */
  readonly loopLagMs: number;
  readonly versions: { readonly node: string; readonly millrace: string };
}

export interface Inspection {
  readonly active: readonly ActiveTry[];
  /** Deliveries in hand whose handler is not at work. */
  readonly reserved: number;
  readonly registered: readonly string[];
  readonly stats: ProcessStats;
}

/** Bytes that lie in the blob store. */
export interface Stored {
  readonly key: string;
  readonly bytes: number;
}

/** Every command: what goes with it and what a worker answers. */
export interface Commands {
  ping: { readonly with: object; readonly answer: object };
  inspect: { readonly with: object; readonly answer: Inspection };
  /** Handlers at work for a run give up at once. */
  terminate: { readonly with: { readonly run: string }; readonly answer: { readonly handlers: number } };
  /** So many slots more, or fewer; `pool` may be left out where there is only one. */
  grow: { readonly with: { readonly pool?: string; readonly by: number }; readonly answer: { readonly before: number; readonly slots: number } };
  'add-queue': { readonly with: { readonly queue: QueueCard }; readonly answer: { readonly queues: readonly string[] } };
  'cancel-queue': { readonly with: { readonly queue: string }; readonly answer: { readonly queues: readonly string[] } };
  /** Warm stop: answered when it has begun; the process ends when what was begun has ended. */
  drain: { readonly with: object; readonly answer: { readonly active: number } };
  'cpu-profile': { readonly with: { readonly seconds: number }; readonly answer: Stored };
  'heap-snapshot': { readonly with: object; readonly answer: Stored };
  /** Carries out a registered task once on each worker. */
  broadcast: { readonly with: { readonly task: string; readonly args: readonly unknown[]; readonly timeoutMs: number }; readonly answer: CallOutcome };
}

export type CommandName = keyof Commands;
export type AnswerTo<Name extends CommandName> = Commands[Name]['answer'];
export type Command<Name extends CommandName = CommandName> = { [N in Name]: { readonly type: N } & Commands[N]['with'] }[Name];

/** A command on its way. */
export interface SentCommand {
  readonly id: string;
  /** Ids of the workers that are to carry it out. */
  readonly to: readonly string[];
  readonly command: Command;
}

/** What one worker answered. */
export type Reply<Name extends CommandName = CommandName> = { readonly worker: string } & (
  | { readonly ok: true; readonly answer: AnswerTo<Name> }
  | { readonly ok: false; readonly code: string; readonly message: string }
);
