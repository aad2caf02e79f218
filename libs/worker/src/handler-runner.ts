import type { Items, PlanStep } from '@millrace/canvas';
import { artifactKey, type ArtifactStore } from '@millrace/engine';
import { type Clock, messageOf, MillraceError } from '@millrace/kernel';
import type { Models } from '@millrace/models';
import { type AnyTask, type Outcome, outcomeOf, Replacement, stepErrorOf, type TaskContext, taskErrors } from '@millrace/tasks';
import type { Log } from '@millrace/telemetry';
import { type ClaimedStep, policyOf } from './claimed-step.js';
import { onAbort } from './delivery-watch.js';

export interface HandlerRunnerDeps {
  readonly artifacts: ArtifactStore;
  readonly models: Models;
  readonly clock: Clock;
  readonly log: Log;
}

export interface HandlerRun {
  readonly outcome: Outcome;
  readonly handlerMs: number;
}

/** How long a hook may take to undo what its handler began. */
const undoMs = 5_000;

type Arguments = readonly unknown[];

/** Runs one try of one step: arguments, context, soft limit, hooks. Whatever the handler does becomes an outcome. */
export class HandlerRunner {
  constructor(private readonly deps: HandlerRunnerDeps) {}

  /** `previous`: the previous result, or nothing. `given`: aborts when the delivery must be given up. */
  async run(task: AnyTask, claimed: ClaimedStep, previous: Arguments, given: AbortSignal): Promise<HandlerRun> {
    const { clock } = this.deps;
    const limit = new AbortController();
    const releases = this.#limits(task, claimed.step, given, limit);
    const startedAt = clock.monotonic();
    const underway: { args?: Arguments } = {};
    try {
      const work = this.#call(task, claimed, callsOf(claimed.step, previous), { signal: limit.signal, underway });
      const outcome = await orAborted(limit.signal, work);
      return { outcome, handlerMs: clock.monotonic() - startedAt };
    } catch (thrown) {
      const handlerMs = clock.monotonic() - startedAt;
      if (limit.signal.aborted) await this.#undo(task, claimed, underway.args, limit.signal.reason);
      else this.#logUnexpected(thrown, claimed);
      return { outcome: { kind: 'failed', error: stepErrorOf(thrown) }, handlerMs };
    } finally {
      for (const release of releases) release();
    }
  }

  /** One call, or one for each item in turn. */
  async #call(task: AnyTask, claimed: ClaimedStep, calls: Calls, at: { signal: AbortSignal; underway: { args?: Arguments } }): Promise<Outcome> {
    const context = this.#contextFor(claimed, at.signal);
    const call = (given: Arguments): Promise<unknown> => {
      at.underway.args = argumentsOf(task, given);
      return task.handler(context, ...(at.underway.args as never[]));
    };
    if (calls.kind === 'once') return outcomeOf(await call(calls.args));
    const values: unknown[] = [];
    for (const args of calls.each) {
      at.signal.throwIfAborted();
      const value = await call(args);
      if (value instanceof Replacement) throw taskErrors.error('MILLRACE_TASK_RESULT', `${task.name} is called for each of several items, so no canvas can take its place`);
      values.push(value);
    }
    return { kind: 'succeeded', value: values };
  }

  #limits(task: AnyTask, step: PlanStep, given: AbortSignal, limit: AbortController): ReadonlyArray<() => void> {
    const { softLimitMs } = policyOf(task, step);
    const timeout = () => limit.abort(taskErrors.error('MILLRACE_TASK_TIMEOUT', `${task.name} was not done in ${softLimitMs} ms`));
    return [onAbort(given, () => limit.abort(given.reason)), this.deps.clock.after(softLimitMs, timeout)];
  }

  #contextFor({ id, run, step, attempt, claim }: ClaimedStep, signal: AbortSignal): TaskContext {
    const { artifacts, models, clock, log } = this.deps;
    const { task } = step.signature;
    return {
      run: run.id,
      step: id,
      task,
      tenant: run.tenant,
      attempt,
      get raw() {
        if (run.raw) return run.raw;
        throw taskErrors.error('MILLRACE_TASK_NO_RAW', `run ${run.id} was begun without raw data`);
      },
      artifacts: {
        write: (name, bytes, contentType) => artifacts.write(artifactKey(run.id, id, claim, name), bytes, contentType),
        read: (ref) => artifacts.read(ref),
        head: (ref, bytes) => artifacts.head(ref, bytes),
      },
      get log() {
        return log.child({ run: run.id, step: id, task });
      },
      signal,
      timeLeftMs: () => Math.max(0, run.finaliseAt - clock.now()),
      model: (definition) => models.get(definition),
    };
  }

  /** Lets the task undo what it began; `args` is what its handler was at work on. */
  async #undo({ hooks }: AnyTask, claimed: ClaimedStep, args: Arguments | undefined, reason: unknown): Promise<void> {
    const hook = isTimeout(reason) ? hooks?.onTimeout : MillraceError.is(reason, 'MILLRACE_TASK_REVOKED') ? hooks?.onRevoked : undefined;
    if (!hook || !args) return;
    const limit = new AbortController();
    const cancel = this.deps.clock.after(undoMs, () => limit.abort(taskErrors.error('MILLRACE_TASK_TIMEOUT', `a hook was not done in ${undoMs} ms`)));
    try {
      await orAborted(limit.signal, hook(this.#contextFor(claimed, limit.signal), ...(args as never[])));
    } catch (thrown) {
      const { id, run, step } = claimed;
      this.deps.log.warn({ run: run.id, step: id, task: step.signature.task, reason: messageOf(thrown) }, 'hook failed');
    } finally {
      cancel();
    }
  }

  #logUnexpected(thrown: unknown, { id, run, step, attempt }: ClaimedStep): void {
    const err = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.deps.log.warn({ run: run.id, step: id, task: step.signature.task, attempt, err }, 'handler threw');
  }
}

type Calls = { readonly kind: 'once'; readonly args: Arguments } | { readonly kind: 'each'; readonly each: Iterable<Arguments> };

/** What a step's task is called with: the previous result, or an item, before the signature's own arguments. */
function callsOf({ signature, items, spread }: PlanStep, previous: Arguments): Calls {
  if (items === undefined) return { kind: 'once', args: [...previous, ...signature.args] };
  return { kind: 'each', each: eachOf(items, (item) => [...(spread && Array.isArray(item) ? item : [item]), ...signature.args]) };
}

function* eachOf(items: Items, args: (item: unknown) => Arguments): Iterable<Arguments> {
  if (!('from' in items)) for (const item of items) yield args(item);
  else for (let item = items.from; item < items.to; item++) yield args(item);
}

function argumentsOf(task: AnyTask, given: Arguments): Arguments {
  const parsed = task.args.safeParse(given);
  if (parsed.success) return parsed.data as Arguments;
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw taskErrors.error('MILLRACE_TASK_ARGUMENTS', `the arguments of ${task.name} do not fit: ${where.slice(0, 400)}`);
}

const isTimeout = (reason: unknown): boolean => MillraceError.is(reason, 'MILLRACE_TASK_TIMEOUT') || MillraceError.is(reason, 'MILLRACE_TASK_LATE');

/** The work's result, or the signal's reason as soon as it aborts; a handler that ignores the signal is left behind. */
function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const release = onAbort(signal, () => reject(signal.reason as Error));
    work.then(resolve, reject).finally(release);
  });
}
