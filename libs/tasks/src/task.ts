import type { Signature } from '@millrace/canvas';
import type { ArtifactRef } from '@millrace/contracts';
import type { LoadedModel, ModelDefinition } from '@millrace/models';
import type { z } from 'zod';
import { defaultPolicy, type TaskPolicy } from './policy.js';
import type { Replacement } from './outcome.js';

/** What a handler may touch besides its arguments. */
export interface TaskContext {
  readonly run: string;
  readonly step: string;
  readonly task: string;
  readonly tenant: string;
  /** This try, counted from 1. */
  readonly attempt: number;
  /** The raw data of the run. */
  readonly raw: ArtifactRef;
  readonly artifacts: Artifacts;
  readonly log: TaskLog;
  /** Aborts when the time is up, the lease is lost or the process ends; its reason is a MillraceError. */
  readonly signal: AbortSignal;
  /** Milliseconds until the run's deadline; never negative. */
  timeLeftMs(): number;
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

/** A named unit of work. `Args` are what the handler takes after its context; they are shared, so read-only. */
export interface Task<Args extends readonly unknown[] = readonly unknown[], Result = unknown> {
  readonly name: string;
  /** Checks the arguments before the handler sees them. */
  readonly args: z.ZodType;
  readonly policy: TaskPolicy;
  readonly handler: TaskHandler<Args, Result>;
  /** A signature: this task called with these arguments, after the previous result. */
  s(...args: readonly unknown[]): Signature;
}

export type TaskHandler<Args extends readonly unknown[], Result> = (ctx: TaskContext, ...args: Args) => Promise<Result | Replacement>;

/** Any task, whatever its arguments; what registries and workers handle. */
export type AnyTask = Pick<Task, 'name' | 'args' | 'policy'> & { readonly handler: (ctx: TaskContext, ...args: never[]) => Promise<unknown> };

export interface TaskInit<Schema extends z.ZodType<readonly unknown[]>, Result> {
  readonly name: string;
  readonly args: Schema;
  readonly policy?: Partial<TaskPolicy>;
  readonly handler: TaskHandler<z.output<Schema>, Result>;
}

/** Defines a task. Names are `<domain>.<noun>`, so that routes can be globs. */
export function defineTask<Schema extends z.ZodType<readonly unknown[]>, Result>(init: TaskInit<Schema, Result>): Task<z.output<Schema>, Result> {
  const s = (...args: readonly unknown[]): Signature => ({ kind: 'task', task: init.name, args });
  return { name: init.name, args: init.args, handler: init.handler, policy: { ...defaultPolicy, ...init.policy }, s };
}
