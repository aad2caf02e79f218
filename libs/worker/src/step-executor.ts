import type { Disposition } from '@millrace/broker';
import { foresee, planStep, type SignatureOptions, type StepId } from '@millrace/canvas';
import type { TaskMessage } from '@millrace/contracts';
import { callbackTask, type EngineSettings, type FollowUp, type Hint, type HintSender, nextSweep, progressOf, queueOf, stepHint, type StepResults } from '@millrace/engine';
import type { Clock, Random } from '@millrace/kernel';
import type { RunRecord, RunStore, SettleThen, StepSettlement } from '@millrace/run-store';
import { stepErrorOf, type TaskRegistry } from '@millrace/tasks';
import type { EventBus, Log, Metrics } from '@millrace/telemetry';
import type { ClaimedStep } from './claimed-step.js';
import { DeliveryWatch } from './delivery-watch.js';
import { ack, type Execution, type Executor } from './executor.js';
import type { HandlerRun, TryRunner } from './pools/pool.js';
import type { Reporter } from './reporter.js';
import { type Again, againAfter, claimedStep, earlyBy, refusal } from './try-rules.js';

export interface StepExecutorDeps {
  readonly runs: RunStore;
  readonly registry: TaskRegistry;
  readonly runner: TryRunner;
  readonly reporter: Reporter;
  readonly results: StepResults;
  readonly followUp: FollowUp;
  readonly hints: HintSender;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly events?: EventBus;
  readonly settings: EngineSettings;
}

/** Steps at most that follow one another on one delivery. */
const longestContinuation = 16;

/** Steps W1 to W6 of the protocol: claim, run, settle, send what follows, and only then let go of the message. */
export class StepExecutor implements Executor {
  constructor(private readonly deps: StepExecutorDeps) {}

  async execute(message: TaskMessage, execution: Execution): Promise<Disposition> {
    const delayMs = earlyBy(message, this.deps.clock.now());
    if (delayMs > 0) return { kind: 'release', delayMs };
    const first = await this.#claim(message);
    if (!first) return ack;
    const watch = new DeliveryWatch({ run: first.run, lookBy: message.lookBy }, execution, this.deps);
    try {
      let claimed: ClaimedStep | undefined = first;
      let disposition = ack;
      for (let i = 1; claimed; i++) {
        const ended = await this.#run(claimed, watch.signal);
        const givenUp = this.#givenUp(claimed, ended, execution);
        if (givenUp) return await givenUp;
        const again = againAfter(this.deps, claimed, ended.outcome);
        if (again) return await this.#beginAgain(claimed, again, claimed === first ? message : undefined);
        if (claimed === first) disposition = dispositionOf(ended);
        claimed = await this.#settle(claimed, ended, i < longestContinuation && !execution.stopped.aborted ? execution : undefined);
      }
      return disposition;
    } finally {
      watch.release();
    }
  }

  /** W1 and W2 in one update. Undefined when there is nothing to do any more; what follows has then been sent again. */
  async #claim(message: TaskMessage): Promise<ClaimedStep | undefined> {
    const { runs, hints, followUp, metrics, log, clock, settings } = this.deps;
    const now = clock.now();
    const limits = { finaliseAt: message.deadlineAt - settings.callbackReserveMs, lookBy: message.lookBy };
    const claimed = await runs.claim(message.run, { step: message.step, sweepAt: nextSweep(limits, now, settings) });
    if (!claimed) {
      metrics.orphans.inc();
      log.warn({ run: message.run, step: message.step, task: message.task }, 'message without a run');
      return undefined;
    }
    const { applied, run } = claimed;
    if (applied && run.status === 'running' && now < run.finaliseAt && isReady(run, message.step)) return claimedStep(run, message.step, now);
    hints.send(await followUp.all(run));
    return undefined;
  }

  async #run(claimed: ClaimedStep, given: AbortSignal): Promise<HandlerRun> {
    const { registry, runner, results } = this.deps;
    const refused = refusal(this.deps, claimed);
    if (refused) return { outcome: { kind: 'failed', error: stepErrorOf(refused) }, handlerMs: 0 };
    const { signature, input } = claimed.step;
    const previous = signature.immutable || input === null ? [] : [await results.valueOf(claimed.run, input)];
    return runner.run(registry.get(signature.task), claimed, previous, given);
  }

  /** What becomes of the delivery of a step that was not carried through; undefined when it was. */
  #givenUp(claimed: ClaimedStep, { outcome }: HandlerRun, execution: Execution): Promise<Disposition> | undefined {
    if (execution.lease.lost.aborted || execution.stopped.aborted) return Promise.resolve({ kind: 'release', delayMs: 0 });
    const code = outcome.kind === 'failed' ? outcome.error.code : undefined;
    if (code === 'MILLRACE_TASK_LATE' || code === 'MILLRACE_TASK_REVOKED') return this.#leave(claimed, code);
    return undefined;
  }

  /** The run's time is up or it was cancelled: the step stays open, whatever its handler may still come to. */
  async #leave({ run }: ClaimedStep, code: string): Promise<Disposition> {
    const { hints, followUp } = this.deps;
    if (code === 'MILLRACE_TASK_LATE') hints.send(await followUp.all(run));
    return ack;
  }

  /** `own`: the message of this delivery, if it is the step's. One that is put off comes as a new one, as brokers count the deliveries of each. */
  async #beginAgain(claimed: ClaimedStep, { counted, delayMs }: Again, own: TaskMessage | undefined): Promise<Disposition> {
    const { runs, clock, settings, hints } = this.deps;
    const { id, run } = claimed;
    const notBefore = clock.now() + delayMs;
    const changed = await runs[counted](run.id, { step: id, sweepAt: nextSweep(run, notBefore, settings) });
    this.#tellAgain(claimed, { counted, delayMs: Math.round(delayMs) });
    if (own && counted === 'fail') return { kind: 'release', delayMs };
    const hint = stepHint(changed?.run ?? run, id);
    hints.send([{ ...hint, message: { ...hint.message, notBefore: Math.ceil(notBefore), ...(own?.turn && { turn: true }) } }]);
    return ack;
  }

  #tellAgain({ id, run, step, attempt }: ClaimedStep, { counted, delayMs }: Again): void {
    const { log, events } = this.deps;
    const { task } = step.signature;
    log.info({ run: run.id, step: id, task, attempt, delayMs }, counted === 'fail' ? 'task will be retried' : 'task was snoozed');
    if (counted === 'fail' && events?.enabled) events.publish({ type: 'task.retried', run: run.id, step: id, task, attempt, delayMs });
  }

  /** W4 and W5. Resolves with the step to go on with: one that follows and that `execution` serves. */
  async #settle(claimed: ClaimedStep, ended: HandlerRun, execution: Execution | undefined): Promise<ClaimedStep | undefined> {
    const { reporter, followUp, hints, clock } = this.deps;
    const settlement = await reporter.settlementOf(claimed, ended);
    const then = this.#foresee(claimed, settlement, execution);
    const settled = await reporter.settle(claimed, settlement, then);
    if (!settled) return undefined;
    const { applied, run } = settled;
    if (applied && run.status === 'finished') return undefined;
    const following = applied ? await followUp.after(run, claimed.id) : await followUp.all(run);
    const next = following.find((hint) => (then?.claim === undefined ? this.#isServed(hint, execution) : applied && hint.message.step === then.claim));
    hints.send(following.filter((hint) => hint !== next));
    if (!next) return undefined;
    return then?.claim === undefined ? this.#claim(next.message) : claimedStep(run, next.message.step, clock.now());
  }

  /** Whether this worker can go on with a step at once, without its message. */
  #isServed(hint: Hint, execution: Execution | undefined): boolean {
    const { task, notBefore, members } = hint.message;
    if (!execution || task === callbackTask || notBefore !== undefined || members) return false;
    return execution.serves(queueOf(hint, this.deps.hints.router), task);
  }

  /**
   * What the settlement will call for, as far as the record tells that the claim gave. Settlements only ever add to one
   * another, so what this one releases on top of those known is released in the store as well.
   */
  #foresee(claimed: ClaimedStep, settlement: StepSettlement, execution: Execution | undefined): SettleThen | undefined {
    const { run: next, commands } = foresee(progressOf(claimed.run), claimed.id, settlement);
    if (commands.some(({ type }) => type === 'finish')) return claimed.run.callback ? undefined : { finish: { frozenAt: this.deps.clock.now() }, knownRev: claimed.run.rev };
    const mayFollow = (step: StepId): boolean => {
      const { signature, shard } = planStep(next, step) ?? {};
      if (!execution || !signature || shard || hasOwnTime(signature.options)) return false;
      return execution.serves(signature.options?.queue ?? this.deps.hints.router.queueOf(signature.task), signature.task);
    };
    const claim = commands.find((command) => command.type === 'dispatch' && mayFollow(command.step));
    return claim?.type === 'dispatch' ? { claim: claim.step } : undefined;
  }
}

/** After a failover of the store a message may have outlived what made its step ready. */
const isReady = (run: RunRecord, step: StepId): boolean => progressOf(run).steps.get(step)?.status === 'ready';

const hasOwnTime = (options: SignatureOptions | undefined): boolean => options?.countdownMs !== undefined || options?.eta !== undefined;

/** A message whose step was tried until no try was left, or rejected, is kept as a dead letter; other failures are the run's affair. */
function dispositionOf({ outcome }: HandlerRun): Disposition {
  if (outcome.kind !== 'failed' && outcome.kind !== 'retry' && outcome.kind !== 'rejected') return ack;
  const { code, message, retryable } = outcome.error;
  return retryable || outcome.kind === 'rejected' || code === 'MILLRACE_TASK_POISON' ? { kind: 'reject', reason: `${code}: ${message}` } : ack;
}
