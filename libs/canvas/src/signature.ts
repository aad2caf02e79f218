import type { StepError } from '@millrace/contracts';
import type { Flow } from './flow.js';

/** How one call is to be carried out; what is absent is as the task's own policy and route say. Times in milliseconds. */
export interface SignatureOptions {
  /** Instead of the queue that the route names. */
  readonly queue?: string;
  /** 0 (the default) to 9; the highest first, on brokers that can. */
  readonly priority?: number;
  /** Not before this long after the step became ready. */
  readonly countdownMs?: number;
  /** Not before this time, since the epoch. */
  readonly eta?: number;
  /** Begun later than this after the step became ready (or its `eta`), it fails with MILLRACE_TASK_EXPIRED. */
  readonly expiresMs?: number;
  readonly maxAttempts?: number;
  readonly backoffMs?: number;
  readonly maxBackoffMs?: number;
  readonly softLimitMs?: number;
  readonly hardLimitMs?: number;
  /** Where the task has a rate limit: calls of one key share a limit of their own. At most 64 characters. */
  readonly rateKey?: string;
}

/** A call not yet made: task name and arguments. Immutable data, safe to put through JSON. */
export interface Signature<In = never, Out = unknown> extends Flow<In, Out> {
  readonly kind: 'task';
  readonly task: string;
  /** Follow the previous result, which comes first unless the signature is immutable (Celery's order). */
  readonly args: readonly unknown[];
  /** An immutable signature ignores the previous result. */
  readonly immutable?: true;
  readonly options?: SignatureOptions;
}

/** Parts run one after another; each gets the result of the one before. */
export interface Chain<In = never, Out = unknown> extends Flow<In, Out> {
  readonly kind: 'chain';
  readonly parts: readonly Canvas[];
}

/**
 * What a join does when a member fails. `all`: the join fails. `collect`: it succeeds. A quorum: it succeeds as soon as
 * that many members have, and fails once they no longer can. After `collect` and a quorum, what follows gets one
 * `MemberOutcome` per member instead of bare results.
 */
export type FailurePolicy = 'all' | 'collect' | { readonly quorum: number };

/** Members run in parallel; the result is the array of theirs, in order. */
export interface Group<In = never, Out = unknown> extends Flow<In, Out> {
  readonly kind: 'group';
  readonly members: readonly Canvas[];
  readonly policy: FailurePolicy;
  /** This long after the group began, it goes on with what is there: under `all` it fails, else the rest is late. */
  readonly deadlineMs?: number;
}

/** A header run in parallel, then a body that runs once with the header's results. */
export interface Chord<In = never, Out = unknown> extends Flow<In, Out> {
  readonly kind: 'chord';
  readonly header: Group | Chunks;
  readonly body: Canvas;
}

/** The whole numbers from `from` up to but without `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What a task is applied to. */
export type Items = readonly unknown[] | Range;

/** One step that calls a task for each item in turn; the result is the array of theirs. The previous result is not used. */
export interface Each<In = never, Out = unknown> extends Flow<In, Out> {
  readonly kind: 'each';
  /** Called with the item before the signature's own arguments. */
  readonly task: Signature;
  readonly items: Items;
  /** Starmap: each item is an array, which is spread over the arguments. */
  readonly spread?: true;
}

/** A group of `each`, `size` items to a member; the result is the array of the members' arrays (as Celery's). */
export interface Chunks<In = never, Out = unknown> extends Flow<In, Out> {
  readonly kind: 'chunks';
  readonly task: Signature;
  readonly items: Items;
  readonly size: number;
  readonly spread?: true;
  /** Member n is not begun before n times this long, in milliseconds, after the group began. */
  readonly skewMs?: number;
  readonly policy: FailurePolicy;
  readonly deadlineMs?: number;
}

/**
 * `by` is given the previous result and answers with the name of a case: a string, number or boolean. The case's canvas
 * then gets the previous result too. With no such case and no `otherwise`, the previous result is handed on as it is.
 */
export interface Branch<In = never, Out = unknown> extends Flow<In, Out> {
  readonly kind: 'branch';
  readonly by: Signature;
  readonly cases: Readonly<Record<string, Canvas>>;
  readonly otherwise?: Canvas;
}

/** When `body` fails, `handler` runs with the error; the whole then fails all the same, with the body's error. */
export interface OnError<In = never, Out = unknown> extends Flow<In, Out> {
  readonly kind: 'on-error';
  readonly body: Canvas;
  readonly handler: Canvas;
}

/** Any composition of signatures. Any canvas stands wherever a signature does. */
export type Canvas<In = never, Out = unknown> =
  | Signature<In, Out>
  | Chain<In, Out>
  | Group<In, Out>
  | Chord<In, Out>
  | Each<In, Out>
  | Chunks<In, Out>
  | Branch<In, Out>
  | OnError<In, Out>;

/** What a join that does not insist on all its members tells of one of them. */
export type MemberOutcome<Value = unknown> =
  | { readonly status: 'succeeded'; readonly value: Value }
  | { readonly status: 'failed'; readonly error: StepError }
  /** Not done when the join's deadline passed. */
  | { readonly status: 'late' }
  /** Not needed any more when the quorum was reached. */
  | { readonly status: 'revoked' };
