import { immutable, signature } from '@millrace/canvas';
import type { ArtifactRef } from '@millrace/contracts';
import type { LoadedModel, ModelDefinition } from '@millrace/models';
import type { z } from 'zod';
import type { Calls } from './calls.js';
import type { Replacement, Verdict } from './outcome.js';
import { defaultPolicy, type TaskPolicy } from './policy.js';

/** What a handler may touch besides its arguments. */
export interface TaskContext {
  readonly run: string;
  readonly step: string;
  readonly task: string;
  readonly tenant: string;
  /** This try, counted from 1. */
  readonly attempt: number;
  /** The raw data that began the run. Throws MILLRACE_TASK_NO_RAW in a run that was begun without any. */
  readonly raw: ArtifactRef;
  readonly artifacts: Artifacts;
  readonly log: TaskLog;
  /** Aborts when the time is up, the lease is lost or the process ends; its reason is a MillraceError. */
  readonly signal: AbortSignal;
  /** Milliseconds until the run's deadline; never negative. */
  timeLeftMs(): number;
  /** Milliseconds until this try's soft limit; never negative. */
  softTimeLeftMs(): number;
  /** Milliseconds until this try is given up whatever its handler does: its hard limit, without one the soft limit. */
  hardTimeLeftMs(): number;
  /** A model that the process loaded at start-up. */
  model(definition: ModelDefinition): LoadedModel;
}

/** Immutable bytes by reference, shared between the tasks of a run. */
export interface Artifacts {
  /** Stores `bytes` under the current step; the same name written again by a retry takes its place. */
  write(name: string, bytes: Uint8Array, contentType: string): Promise<ArtifactRef>;
  /** Rejects with MILLRACE_BLOB_NOT_FOUND, or MILLRACE_BLOB_CORRUPT when the bytes do not have the reference's hash. */
  read(ref: ArtifactRef): Promise<Uint8Array>;
  /** The first `bytes` bytes, unverified. For looking at what something is. */
  head(ref: ArtifactRef, bytes: number): Promise<Uint8Array>;
}

export interface TaskLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/**
 * A named unit of work. `Args` are what the handler takes after its context; they are shared, so read-only. `Given` is what
 * they are before the schema has worked on them.
 */
export interface Task<Args extends readonly unknown[] = readonly unknown[], Result = unknown, Given extends readonly unknown[] = Args>
  extends Calls<Given, Result> {
  readonly name: string;
  /** Checks the arguments before the handler sees them. */
  readonly args: z.ZodType;
  readonly policy: TaskPolicy;
  readonly handler: TaskHandler<Args, Result>;
  readonly hooks: TaskHooks<Args>;
}

/** Returns its result, the canvas that takes its place and gives a result like it, or a verdict: `retry`, `reject`, `ignore`, `snooze`. */
export type TaskHandler<Args extends readonly unknown[], Result> = (ctx: TaskContext, ...args: Args) => Promise<Result | Replacement<Result> | Verdict>;

/**
 * Called when a handler was told to give up, with the arguments it was called with, so that what it began can be undone.
 * The context's signal is a new one, which aborts after 5 s. What a hook throws is logged; the step's outcome stays.
 */
export interface TaskHooks<Args extends readonly unknown[]> {
  /** The soft limit passed, or the time of the run was up. */
  readonly onTimeout?: (ctx: TaskContext, ...args: Args) => Promise<void>;
  /** The run was cancelled. */
  readonly onRevoked?: (ctx: TaskContext, ...args: Args) => Promise<void>;
}

/** Any task, whatever its arguments; what registries and workers handle. */
export type AnyTask = Pick<Task, 'name' | 'args' | 'policy'> & {
  readonly handler: (ctx: TaskContext, ...args: never[]) => Promise<unknown>;
  readonly hooks?: TaskHooks<never[]>;
};

/** What a task takes: arguments that come as JSON, and go to the handler as the schema makes them. */
export type ArgsSchema = z.ZodType<readonly unknown[], readonly unknown[]>;

export interface TaskInit<Schema extends ArgsSchema, Returned> extends TaskHooks<z.output<Schema>> {
  readonly name: string;
  readonly args: Schema;
  readonly policy?: Partial<TaskPolicy>;
  readonly handler: (ctx: TaskContext, ...args: z.output<Schema>) => Promise<Returned>;
}

/** The result of a task whose handler returns this: a replacement stands for the value of its canvas, a verdict for none. */
export type ResultOf<Returned> = Returned extends Replacement<infer Result> ? Result : Returned extends Verdict ? never : Returned;

/** Defines a task. Names are `<domain>.<noun>`, so that routes can be globs. */
export function defineTask<Schema extends ArgsSchema, Returned>(
  init: TaskInit<Schema, Returned>,
): Task<z.output<Schema>, ResultOf<Returned>, z.input<Schema>>;
export function defineTask<Schema extends ArgsSchema, Result>({
  name,
  args,
  handler,
  policy,
  ...hooks
}: TaskInit<Schema, Result | Replacement<Result> | Verdict>): Task<z.output<Schema>, Result, z.input<Schema>> {
  const calls: Calls<z.input<Schema>, never> = { s: (...given) => signature(name, ...given), si: (...given) => immutable(name, ...given) };
  return { name, args, handler, hooks, policy: { ...defaultPolicy, ...policy }, ...calls };
}
