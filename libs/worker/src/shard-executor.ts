import type { Disposition } from '@millrace/broker';
import { type PlanShard, type PlanStep, planStep } from '@millrace/canvas';
import type { TaskMessage } from '@millrace/contracts';
import { type Hint, nextSweep, progressOf, stepHint, stepTimes } from '@millrace/engine';
import type { MemberChange, MembersTransition, RunRecord } from '@millrace/run-store';
import { stepErrorOf, taskErrors } from '@millrace/tasks';
import type { ClaimedStep } from './claimed-step.js';
import { DeliveryWatch } from './delivery-watch.js';
import { ack, type Execution, type Executor } from './executor.js';
import type { HandlerRun } from './handler-runner.js';
import { MemberReports } from './member-reports.js';
import { ShardCloser } from './shard-closer.js';
import type { StepExecutorDeps } from './step-executor.js';
import { earlyBy, refusal, retryDelay } from './try-rules.js';

/** Some members of one shard, as one message names them. */
interface Batch {
  readonly run: RunRecord;
  readonly step: PlanStep;
  readonly shard: PlanShard;
  readonly members: readonly number[];
  readonly lookBy: number | undefined;
}

/** A member's result of at most this many bytes of JSON lies with the shard, as a shard holds up to 128 of them. */
const inlineMemberBytes = 512;

const mostKept = 16;

/**
 * Carries out members of a wide group, whose records lie beside the run's: claims as many as there are free slots in one
 * update, sends the rest of the message on in halves, and settles what ends together together. Whoever settles the last
 * member settles the shard.
 */
export class ShardExecutor implements Executor {
  readonly #kept = new Map<string, RunRecord>();
  readonly #closer: ShardCloser;

  constructor(private readonly deps: StepExecutorDeps) {
    this.#closer = new ShardCloser(deps);
  }

  async execute(message: TaskMessage, execution: Execution): Promise<Disposition> {
    const delayMs = earlyBy(message, this.deps.clock.now());
    if (delayMs > 0) return { kind: 'release', delayMs };
    const whole = await this.#batchOf(message);
    if (!whole) return ack;
    const extra = execution.slots.takeFree(whole.members.length - 1);
    try {
      return await this.#carryOut({ ...whole, members: whole.members.slice(0, 1 + extra) }, whole.members.slice(1 + extra), execution);
    } finally {
      execution.slots.give(extra);
    }
  }

  async #carryOut(batch: Batch, rest: readonly number[], execution: Execution): Promise<Disposition> {
    const { runs, hints, followUp, clock, settings } = this.deps;
    const { run, step, members, lookBy } = batch;
    const sweepAt = nextSweep({ finaliseAt: run.finaliseAt, lookBy }, clock.now(), settings);
    const claimed = await runs.claimMembers(run.id, { step: step.id, members, sweepAt });
    if (!claimed?.applied || clock.now() >= run.finaliseAt) {
      const now = await runs.read(run.id);
      if (now) hints.send(await followUp.all(now));
      return ack;
    }
    hints.send(halves(rest).map((part) => rangeHint(batch, part)));
    const watch = new DeliveryWatch(batch, execution, this.deps);
    try {
      return await this.#run(batch, claimed, { execution, given: watch.signal });
    } finally {
      watch.release();
    }
  }

  async #run(batch: Batch, claimed: MembersTransition, at: { execution: Execution; given: AbortSignal }): Promise<Disposition> {
    const { run, step, shard, members } = batch;
    const open = members.filter((member) => !claimed.members.get(member)?.settlement).map((member) => this.#claimedMember(batch, member, claimed));
    const retries: Hint[] = [];
    const reports = this.#reports(batch, open);
    const previous = step.input === null ? [] : [await this.deps.results.valueOf(run, step.input)];
    await Promise.all(
      open.map(async ([member, tried]) => {
        const ended = await this.#try(tried, previous, at.given);
        if (at.execution.lease.lost.aborted || isGivenUp(ended)) return;
        const retryMs = retryDelay(this.deps, tried, ended.outcome);
        if (retryMs !== undefined) retries.push(rangeHint(batch, [member], this.deps.clock.now() + retryMs));
        reports.add(member, retryMs === undefined ? await this.#settlementOf(tried, ended) : 'failed-try');
      }),
    );
    const last = (await reports.done()) ?? claimed;
    if (at.execution.lease.lost.aborted || at.execution.stopped.aborted) return { kind: 'release', delayMs: 0 };
    if (last.settled === shard.count) await this.#closer.close(run, step, shard);
    return this.#retry(batch, retries);
  }

  async #try(tried: ClaimedStep, previous: readonly unknown[], given: AbortSignal): Promise<HandlerRun> {
    const refused = refusal(this.deps, tried);
    if (refused) return { outcome: { kind: 'failed', error: stepErrorOf(refused) }, handlerMs: 0 };
    const { signature } = tried.step;
    return this.deps.runner.run(this.deps.registry.get(signature.task), tried, signature.immutable ? [] : previous, given);
  }

  /** Tries again: on the same delivery when it was for that one member, else by a message of its own. */
  #retry({ members }: Batch, retries: readonly Hint[]): Disposition {
    const [only] = retries;
    if (only && members.length === 1) return { kind: 'release', delayMs: earlyBy(only.message, this.deps.clock.now()) };
    this.deps.hints.send(retries);
    return ack;
  }

  #settlementOf(tried: ClaimedStep, ended: HandlerRun): Promise<MemberChange> {
    if (ended.outcome.kind !== 'replaced') return this.deps.reporter.settlementOf(tried, ended, inlineMemberBytes);
    const error = taskErrors.error('MILLRACE_TASK_RESULT', `${tried.step.signature.task} is one of very many members, so no canvas can take its place`);
    return this.deps.reporter.settlementOf(tried, { ...ended, outcome: { kind: 'failed', error: stepErrorOf(error) } });
  }

  #reports({ run, step, lookBy }: Batch, open: ReadonlyArray<readonly [number, ClaimedStep]>): MemberReports {
    const { runs, reporter, clock, settings } = this.deps;
    const tried = new Map(open);
    const sweepAt = () => nextSweep({ finaliseAt: run.finaliseAt, lookBy }, clock.now(), settings);
    return new MemberReports(
      (changes) => runs.changeMembers(run.id, { step: step.id, sweepAt: sweepAt() }, changes),
      (changes, transition) => {
        for (const [member, change] of changes) {
          const of = tried.get(member);
          if (of && change !== 'failed-try') reporter.tell(of, change, transition?.applied ?? false);
        }
      },
    );
  }

  #claimedMember({ run, step, shard }: Batch, member: number, claimed: MembersTransition): readonly [number, ClaimedStep] {
    const { claims, failures } = claimed.members.get(member) ?? { claims: 1, failures: 0 };
    const { shard: _, ...common } = step;
    const id = `${step.id}#${member}`;
    return [member, { id, step: { ...common, ...shard.member(member), id }, run, claimedAt: this.deps.clock.now(), attempt: failures + 1, claim: claims }];
  }

  /** The members that a message names, but for those whose own time has not come: they are sent on to then. */
  async #batchOf(message: TaskMessage): Promise<Batch | undefined> {
    const run = await this.#runOf(message);
    const step = run && planStep(progressOf(run), message.step);
    if (!run || !step?.shard) {
      this.deps.metrics.orphans.inc();
      this.deps.log.warn({ run: message.run, step: message.step, task: message.task }, 'message without a run');
      return undefined;
    }
    const [from, to] = message.members ?? [0, step.shard.count];
    const batch = { run, step, shard: step.shard, lookBy: message.lookBy, members: Array.from({ length: to - from }, (_, i) => from + i) };
    const early = this.#early(batch);
    this.deps.hints.send(early.map(([member, notBefore]) => rangeHint(batch, [member], notBefore)));
    const waiting = new Set(early.map(([member]) => member));
    const members = batch.members.filter((member) => !waiting.has(member));
    return members.length > 0 ? { ...batch, members } : undefined;
  }

  #early({ run, step, shard, members }: Batch): ReadonlyArray<readonly [member: number, notBefore: number]> {
    const now = this.deps.clock.now();
    return members.flatMap((member) => {
      const { options } = shard.member(member).signature;
      if (!options) return [];
      const { notBefore = 0 } = stepTimes(run, progressOf(run), step.id, options);
      return notBefore > now ? [[member, notBefore] as const] : [];
    });
  }

  /** What it takes of a run's record never changes, so one read per run will do. */
  async #runOf({ run: id, step }: TaskMessage): Promise<RunRecord | undefined> {
    const kept = this.#kept.get(id);
    if (kept && planStep(progressOf(kept), step)) return kept;
    const run = await this.deps.runs.read(id);
    if (!run) return undefined;
    this.#kept.set(id, run);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return run;
  }
}

/** Other workers take their share of what is left over, and halve it again. */
function halves(members: readonly number[]): ReadonlyArray<readonly number[]> {
  if (members.length === 0) return [];
  const middle = Math.ceil(members.length / 2);
  return [members.slice(0, middle), members.slice(middle)].filter((part) => part.length > 0);
}

/** A hint for neighbouring members of the batch's shard. */
function rangeHint({ run, step }: Batch, members: readonly number[], notBefore?: number): Hint {
  const hint = stepHint(run, step.id);
  const first = members[0] ?? 0;
  const range: [number, number] = [first, (members.at(-1) ?? first) + 1];
  return { ...hint, message: { ...hint.message, members: range, ...(notBefore === undefined ? {} : { notBefore: Math.ceil(notBefore) }) } };
}

const isGivenUp = ({ outcome }: HandlerRun): boolean => outcome.kind === 'failed' && givenUp.has(outcome.error.code);

const givenUp: ReadonlySet<string> = new Set(['MILLRACE_TASK_LATE', 'MILLRACE_TASK_REVOKED', 'MILLRACE_TASK_STOPPED', 'MILLRACE_TASK_LEASE_LOST']);
