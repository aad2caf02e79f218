import type { Disposition } from '@millrace/broker';
import { planStep } from '@millrace/canvas';
import type { TaskMessage } from '@millrace/contracts';
import { callbackTask, type EngineSettings, followingHints, type HintSender, nextHints, nextSweep, progressOf } from '@millrace/engine';
import type { Clock, Random } from '@millrace/kernel';
import { type RunRecord, type RunStore, terminalStatuses } from '@millrace/run-store';
import { backoffMs, type Outcome, stepErrorOf, taskErrors, type TaskRegistry } from '@millrace/tasks';
import type { Log, Metrics } from '@millrace/telemetry';
import { ack, type Execution, type Executor } from './executor.js';
import type { HandlerRun, HandlerRunner } from './handler-runner.js';
import type { Reporter } from './reporter.js';

export interface StepExecutorDeps {
  readonly runs: RunStore;
  readonly registry: TaskRegistry;
  readonly runner: HandlerRunner;
  readonly reporter: Reporter;
  readonly hints: HintSender;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: EngineSettings;
}

/** A step that this worker has claimed: the record as the claim left it. */
export interface ClaimedStep {
  readonly message: TaskMessage;
  readonly run: RunRecord;
  readonly claimedAt: number;
  /** This try, counted from 1. */
  readonly attempt: number;
  readonly claim: number;
}

/** Steps at most that follow one another on one delivery. */
const longestContinuation = 16;

/** Steps W1 to W6 of the protocol: claim, run, settle, send what follows, and only then let go of the message. */
export class StepExecutor implements Executor {
  constructor(private readonly deps: StepExecutorDeps) {}

  async execute(message: TaskMessage, execution: Execution): Promise<Disposition> {
    let next: TaskMessage | undefined = message;
    for (let i = 0; next && i < longestContinuation; i++) {
      const claimed = await this.#claim(next);
      if (!claimed) return ack;
      const ended = await this.#run(claimed, execution);
      if (execution.lease.lost.aborted || execution.stopped.aborted) return { kind: 'release', delayMs: 0 };
      if (isLate(ended)) return this.#leaveLate(claimed);
      const delayMs = this.#retryDelay(claimed, ended.outcome);
      if (delayMs !== undefined) return this.#retry(claimed, delayMs, i === 0);
      const following = await this.#settle(claimed, ended);
      next = i + 1 < longestContinuation ? this.#keepOne(following, execution) : undefined;
      this.deps.hints.send(following.filter((hint) => hint !== next));
    }
    return ack;
  }

  /** W1 and W2 in one update. Undefined when there is nothing to do any more; what follows has then been sent again. */
  async #claim(message: TaskMessage): Promise<ClaimedStep | undefined> {
    const { runs, hints, metrics, log, clock, settings } = this.deps;
    const now = clock.now();
    const expected = { finaliseAt: message.deadlineAt - settings.callbackReserveMs };
    const claimed = await runs.claim(message.run, { step: message.step, sweepAt: nextSweep(expected, now, settings) });
    if (!claimed) {
      metrics.orphans.inc();
      log.warn({ run: message.run, step: message.step, task: message.task }, 'message without a run');
      return undefined;
    }
    const { run, applied } = claimed;
    if (!applied || now >= run.finaliseAt) {
      if (!terminalStatuses.has(run.status)) hints.send(nextHints(run, now));
      return undefined;
    }
    const { claims, failures } = run.steps[message.step] ?? { claims: 1, failures: 0 };
    return { message, run, claimedAt: now, attempt: failures + 1, claim: claims };
  }

  async #run(claimed: ClaimedStep, execution: Execution): Promise<HandlerRun> {
    const { registry, runner, settings } = this.deps;
    const { message, run, claim } = claimed;
    if (claim > settings.maxClaims) {
      const error = taskErrors.error('MILLRACE_TASK_POISON', `${message.task} was begun ${claim - 1} times without coming to a result`);
      return { outcome: { kind: 'failed', error: stepErrorOf(error) }, handlerMs: 0 };
    }
    const step = planStep(progressOf(run), message.step);
    if (!step) throw new RangeError(`run ${run.id} has no step ${message.step}`);
    return runner.run(registry.get(message.task), step, claimed, execution);
  }

  /** The run's time is up: the step stays open and is told as late, whatever its handler may still come to. */
  async #leaveLate({ message, run }: ClaimedStep): Promise<Disposition> {
    this.deps.metrics.tasks.inc({ task: message.task, status: 'late' });
    this.deps.log.warn({ run: run.id, step: message.step, task: message.task, status: 'late' }, 'task is late');
    this.deps.hints.send(nextHints(run, Math.max(this.deps.clock.now(), run.finaliseAt)));
    return ack;
  }

  /** How long to wait before the next try; undefined when the outcome is final. */
  #retryDelay({ message, run, attempt }: ClaimedStep, outcome: Outcome): number | undefined {
    if (outcome.kind !== 'failed' || !outcome.error.retryable) return undefined;
    const { policy } = this.deps.registry.get(message.task);
    if (attempt >= policy.maxAttempts) return undefined;
    const delayMs = backoffMs(policy, attempt, this.deps.random);
    return this.deps.clock.now() + delayMs < run.finaliseAt ? delayMs : undefined;
  }

  async #retry({ message, run, attempt }: ClaimedStep, delayMs: number, ownDelivery: boolean): Promise<Disposition> {
    const { runs, clock, settings, log } = this.deps;
    const now = clock.now();
    await runs.fail(run.id, { step: message.step, sweepAt: nextSweep(run, now + delayMs, settings) });
    log.info({ run: run.id, step: message.step, task: message.task, attempt, delayMs: Math.round(delayMs) }, 'task will be retried');
    if (ownDelivery) return { kind: 'release', delayMs };
    this.deps.hints.send([message]);
    return ack;
  }

  /** W4. The hints that the settlement calls for; when somebody else settled the step, all that the record calls for. */
  async #settle(claimed: ClaimedStep, { outcome, handlerMs }: HandlerRun): Promise<readonly TaskMessage[]> {
    const { message } = claimed;
    const settled = await this.deps.reporter.settle(claimed, outcome, handlerMs);
    if (!settled) return [];
    return settled.applied ? followingHints(settled.run, message.step) : nextHints(settled.run, this.deps.clock.now());
  }

  /** W5 sends what became ready, but for one step that this worker serves itself and goes on with at once. */
  #keepOne(following: readonly TaskMessage[], execution: Execution): TaskMessage | undefined {
    if (execution.stopped.aborted) return undefined;
    return following.find((hint) => hint.task !== callbackTask && execution.serves(this.deps.hints.router.queueOf(hint.task)));
  }
}

const isLate = ({ outcome }: HandlerRun): boolean => outcome.kind === 'failed' && outcome.error.code === 'MILLRACE_TASK_LATE';
