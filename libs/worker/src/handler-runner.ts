import type { Items } from '@millrace/canvas';
import { artifactKey, type ArtifactStore } from '@millrace/engine';
import { type Clock, messageOf, MillraceError } from '@millrace/kernel';
import { hurried, type Models } from '@millrace/models';
import { type AnyTask, type Outcome, outcomeOf, Replacement, stepErrorOf, type TaskContext, taskErrors, type TaskHooks, Verdict } from '@millrace/tasks';
import type { Log } from '@millrace/telemetry';
import { policyOf } from './claimed-step.js';
import { onAbort } from './delivery-watch.js';
import type { Arguments, HandlerRun, Try, TryRunner } from './pools/pool.js';
import { TryLimits } from './pools/try-limits.js';

export interface HandlerRunnerDeps {
  readonly artifacts: ArtifactStore;
  readonly models: Models;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of a handler that is at work though its try is over; the promise resolves when the handler returns. */
  readonly leftBehind?: (returned: Promise<void>) => void;
}

/** How long a hook may take to undo what its handler began. */
export const undoMs = 5_000;

/** Runs handlers on the event loop of this process or thread. */
export class HandlerRunner implements TryRunner {
  constructor(private readonly deps: HandlerRunnerDeps) {}

  async run(task: AnyTask, tried: Try, previous: Arguments, given: AbortSignal): Promise<HandlerRun> {
    const { clock } = this.deps;
    const limits = new TryLimits(task.name, policyOf(task, tried.step), clock, given);
    const startedAt = clock.monotonic();
    const underway: Underway = { returned: false };
    try {
      const work = this.#call(task, tried, callsOf(tried.step, previous), { limits, underway });
      const outcome = await orAborted(limits.givenUp, work, () => underway.returned || this.deps.leftBehind?.(work.then(noop, noop)));
      return { outcome, handlerMs: clock.monotonic() - startedAt };
    } catch (thrown) {
      const handlerMs = clock.monotonic() - startedAt;
      if (limits.signal.aborted) await this.#undo(task, tried, underway.args, limits.signal.reason);
      else this.#logUnexpected(thrown, tried);
      return { outcome: { kind: 'failed', error: stepErrorOf(thrown, task.policy) }, handlerMs };
    } finally {
      limits.release();
    }
  }

  /** What is left to do for a try whose process was killed: its hook. Of several items, nobody knows which was at work. */
  async undo(task: AnyTask, tried: Try, previous: Arguments, reason: MillraceError): Promise<void> {
    const calls = callsOf(tried.step, previous);
    if (calls.kind === 'once') await this.#undo(task, tried, argumentsOf(task, calls.args), reason);
  }

  /** One call, or one for each item in turn. */
  async #call(task: AnyTask, tried: Try, calls: Calls, { limits, underway }: { limits: TryLimits; underway: Underway }): Promise<Outcome> {
    const context = this.#contextFor(tried, limits);
    const call = (given: Arguments): Promise<unknown> => {
      underway.args = argumentsOf(task, given);
      return task.handler(context, ...(underway.args as never[]));
    };
    try {
      if (calls.kind === 'once') return outcomeOf(await call(calls.args));
      const values: unknown[] = [];
      for (const args of calls.each) {
        limits.signal.throwIfAborted();
        const value = await call(args);
        if (value instanceof Replacement || value instanceof Verdict) throw taskErrors.error('MILLRACE_TASK_RESULT', `${task.name} is called for each of several items, so it can give nothing but values`);
        values.push(value);
      }
      return { kind: 'succeeded', value: values };
    } finally {
      underway.returned = true;
    }
  }

  #contextFor({ id, run, step, attempt, claim }: Try, { signal, softTimeLeftMs, hardTimeLeftMs }: TryLimits): TaskContext {
    const { artifacts, models, clock, log } = this.deps;
    const { task } = step.signature;
    const timeLeftMs = () => Math.max(0, run.finaliseAt - clock.now());
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
      timeLeftMs,
      softTimeLeftMs,
      hardTimeLeftMs,
      model: (definition) => hurried(models.get(definition), timeLeftMs),
    };
  }

  /** Lets the task undo what it began; `args` is what its handler was at work on. */
  async #undo(task: AnyTask, tried: Try, args: Arguments | undefined, reason: unknown): Promise<void> {
    const hook = MillraceError.is(reason) ? hookFor(task, reason.code) : undefined;
    if (!hook || !args) return;
    const limits = new TryLimits('a hook', { softLimitMs: undoMs }, this.deps.clock);
    try {
      await orAborted(limits.givenUp, hook(this.#contextFor(tried, limits), ...(args as never[])));
    } catch (thrown) {
      const { id, run, step } = tried;
      this.deps.log.warn({ run: run.id, step: id, task: step.signature.task, reason: messageOf(thrown) }, 'hook failed');
    } finally {
      limits.release();
    }
  }

  #logUnexpected(thrown: unknown, { id, run, step, attempt }: Try): void {
    const err = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.deps.log.warn({ run: run.id, step: id, task: step.signature.task, attempt, err }, 'handler threw');
  }
}

interface Underway {
  /** What the handler is at work on. */
  args?: Arguments;
  returned: boolean;
}

const noop = (): void => undefined;

type Calls = { readonly kind: 'once'; readonly args: Arguments } | { readonly kind: 'each'; readonly each: Iterable<Arguments> };

/** What a step's task is called with: the previous result, or an item, before the signature's own arguments. */
function callsOf({ signature, items, spread }: Try['step'], previous: Arguments): Calls {
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

/** What a task wants to be called when one of its handlers was told to give up, or killed, for this reason. */
export function hookFor({ hooks }: AnyTask, code: string): TaskHooks<never[]>['onTimeout'] {
  if (code === 'MILLRACE_TASK_REVOKED') return hooks?.onRevoked;
  return timeouts.has(code) ? hooks?.onTimeout : undefined;
}

const timeouts: ReadonlySet<string> = new Set(['MILLRACE_TASK_TIMEOUT', 'MILLRACE_TASK_KILLED', 'MILLRACE_TASK_LATE']);

/** The work's result, or the signal's reason as soon as it aborts; then `leave` is told that the work goes on, and the work left behind. */
function orAborted<T>(signal: AbortSignal, work: Promise<T>, leave: () => unknown = noop): Promise<T> {
  return new Promise((resolve, reject) => {
    const release = onAbort(signal, () => {
      reject(signal.reason as Error);
      leave();
    });
    work.then(resolve, reject).finally(release);
  });
}
