import type { PlanStep } from '@millrace/canvas';
import { artifactKey, type ArtifactStore, type EngineSettings, nextSweep, type StepResults } from '@millrace/engine';
import { type Clock, every } from '@millrace/kernel';
import type { Models } from '@millrace/models';
import type { RunStore } from '@millrace/run-store';
import { type AnyTask, type Outcome, outcomeOf, stepErrorOf, type TaskContext, taskErrors } from '@millrace/tasks';
import type { Log, Metrics } from '@millrace/telemetry';
import type { Execution } from './executor.js';
import type { ClaimedStep } from './step-executor.js';

export interface HandlerRunnerDeps {
  readonly runs: RunStore;
  readonly artifacts: ArtifactStore;
  readonly results: StepResults;
  readonly models: Models;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: EngineSettings;
}

export interface HandlerRun {
  readonly outcome: Outcome;
  readonly handlerMs: number;
}

/** Runs one try of one step: arguments, context, limits, heartbeat. Whatever the handler does becomes an outcome. */
export class HandlerRunner {
  constructor(private readonly deps: HandlerRunnerDeps) {}

  async run(task: AnyTask, step: PlanStep, claimed: ClaimedStep, execution: Execution): Promise<HandlerRun> {
    const { clock } = this.deps;
    const limit = new AbortController();
    const release = this.#watch(task, claimed, execution, limit);
    let startedAt = clock.monotonic();
    try {
      const args = await this.#argumentsOf(task, step, claimed);
      const context = this.#contextFor(claimed, limit.signal);
      startedAt = clock.monotonic();
      const returned = await orAborted(limit.signal, task.handler(context, ...(args as never[])));
      return { outcome: outcomeOf(returned), handlerMs: clock.monotonic() - startedAt };
    } catch (thrown) {
      if (!limit.signal.aborted) this.#logUnexpected(thrown, claimed);
      return { outcome: { kind: 'failed', error: stepErrorOf(thrown) }, handlerMs: clock.monotonic() - startedAt };
    } finally {
      release();
    }
  }

  async #argumentsOf(task: AnyTask, step: PlanStep, claimed: ClaimedStep): Promise<readonly unknown[]> {
    const { signature, input } = step;
    const previous = signature.immutable || input === null ? [] : [await this.deps.results.valueOf(claimed.run, input)];
    const parsed = task.args.safeParse([...previous, ...signature.args]);
    if (parsed.success) return parsed.data as readonly unknown[];
    const where = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw taskErrors.error('MILLRACE_TASK_ARGUMENTS', `the arguments of ${task.name} do not fit: ${where.slice(0, 400)}`);
  }

  #contextFor({ message, run, attempt, claim }: ClaimedStep, signal: AbortSignal): TaskContext {
    const { artifacts, models, clock, log } = this.deps;
    return {
      run: run.id,
      step: message.step,
      task: message.task,
      tenant: run.tenant,
      attempt,
      raw: run.raw,
      artifacts: {
        write: (name, bytes, contentType) => artifacts.write(artifactKey(run.id, message.step, claim, name), bytes, contentType),
        read: (ref) => artifacts.read(ref),
        head: (ref, bytes) => artifacts.head(ref, bytes),
      },
      get log() {
        return log.child({ run: run.id, step: message.step, task: message.task });
      },
      signal,
      timeLeftMs: () => Math.max(0, run.finaliseAt - clock.now()),
      model: (definition) => models.get(definition),
    };
  }

  /** Aborts `limit` when the lease is lost, the process stops or the time is up; keeps lease and record alive meanwhile. */
  #watch(task: AnyTask, { message, run }: ClaimedStep, execution: Execution, limit: AbortController): () => void {
    const { clock, runs, settings } = this.deps;
    const leaseLost = () => limit.abort(taskErrors.error('MILLRACE_TASK_LEASE_LOST', `the lease of ${message.task} was lost`));
    const stopped = () => limit.abort(taskErrors.error('MILLRACE_TASK_STOPPED', `the worker of ${message.task} had to stop`));
    execution.lease.lost.addEventListener('abort', leaseLost, { once: true });
    execution.stopped.addEventListener('abort', stopped, { once: true });
    const cancelLimit = clock.after(task.policy.softLimitMs, () =>
      limit.abort(taskErrors.error('MILLRACE_TASK_TIMEOUT', `${message.task} was not done in ${task.policy.softLimitMs} ms`)),
    );
    const cancelDeadline = clock.after(run.finaliseAt - clock.now(), () =>
      limit.abort(taskErrors.error('MILLRACE_TASK_LATE', `${message.task} was not done when the time of its run was up`)),
    );
    const stopHeartbeat = every(clock, settings.heartbeatMs, async () => {
      await Promise.allSettled([execution.lease.extend(), runs.touch(run.id, nextSweep(run, clock.now(), settings))]);
    });
    return () => {
      cancelLimit();
      cancelDeadline();
      stopHeartbeat();
      execution.lease.lost.removeEventListener('abort', leaseLost);
      execution.stopped.removeEventListener('abort', stopped);
    };
  }

  #logUnexpected(thrown: unknown, { message, attempt }: ClaimedStep): void {
    const err = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.deps.log.warn({ run: message.run, step: message.step, task: message.task, attempt, err }, 'handler threw');
  }
}

/** The work's result, or the signal's reason as soon as it aborts; a handler that ignores the signal is left behind. */
function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
