import type { Hint } from '@millrace/engine';
import type { MembersTransition, StepSettlement } from '@millrace/run-store';
import { stepErrorOf, taskErrors } from '@millrace/tasks';
import type { ClaimedStep } from './claimed-step.js';
import type { HandlerRun } from './pools/pool.js';
import { MemberReports } from './member-reports.js';
import { againHint, claimedMember, type MembersBatch, type Place, sweepOf } from './members-batch.js';
import { ShardCloser } from './shard-closer.js';
import type { StepExecutorDeps } from './step-executor.js';
import { type Again, againAfter, refusal } from './try-rules.js';

/** A member's result of at most this many bytes of JSON lies with the shard, as a shard holds up to 128 of them. */
const inlineMemberBytes = 512;

const countedTries = { fail: 'failed-try', snooze: 'snoozed-try' } as const;

/** `over`: the run or the shard needs no more members. `given-up`: the lease is lost or the process ends. */
export type BatchEnd = 'done' | 'over' | 'given-up';

/** Claims, runs and settles a batch of members; with the last one of a shard, the shard. */
export class MemberRunner {
  readonly #closer: ShardCloser;

  constructor(private readonly deps: StepExecutorDeps) {
    this.#closer = new ShardCloser(deps);
  }

  /** `retries` are the hints for members that are to be tried again; one that its handler put off needs a message of its own. */
  async run(batch: MembersBatch, at: Place): Promise<{ readonly end: BatchEnd; readonly retries: readonly Hint[] }> {
    const { runs, hints, followUp, clock, settings } = this.deps;
    const { run, step, members, shard } = batch;
    const claimed = await runs.claimMembers(run.id, { step: step.id, members, sweepAt: sweepOf(batch, clock.now(), settings) });
    if (!claimed?.applied || clock.now() >= run.finaliseAt) {
      const now = await runs.read(run.id);
      if (now) hints.send(await followUp.all(now));
      return { end: 'over', retries: [] };
    }
    const { last, retries } = await this.#runClaimed(batch, claimed, at);
    if (at.execution.lease.lost.aborted || at.execution.stopped.aborted) return { end: 'given-up', retries };
    if (last.settled === shard.count) await this.#closer.close(run, step, shard);
    return { end: 'done', retries };
  }

  async #runClaimed(batch: MembersBatch, claimed: MembersTransition, at: Place): Promise<{ last: MembersTransition; retries: readonly Hint[] }> {
    const { clock, results } = this.deps;
    const open = batch.members.filter((member) => !claimed.members.get(member)?.settlement);
    const tries = new Map(open.map((member) => [member, claimedMember(batch, member, claimed, clock.now())]));
    const reports = this.#reports(batch, tries);
    const retries: Hint[] = [];
    const previous = batch.step.input === null ? [] : [await results.valueOf(batch.run, batch.step.input)];
    const waiting = tries.entries();
    const lane = async (): Promise<void> => {
      for (const [member, tried] of waiting) {
        const ended = await this.#try(tried, previous, at);
        if (ended === undefined) continue;
        const isAgain = 'delayMs' in ended;
        if (isAgain) retries.push(againHint(batch, member, { again: ended, claimed, now: clock.now() }));
        reports.add(member, isAgain ? countedTries[ended.counted] : ended);
      }
    };
    await Promise.all(Array.from({ length: Math.min(at.lanes, open.length) }, lane));
    return { last: (await reports.done()) ?? claimed, retries };
  }

  /** One try. Its settlement; or that another is to follow; or undefined when it was given up. */
  async #try(tried: ClaimedStep, previous: readonly unknown[], { execution, given }: Place): Promise<StepSettlement | Again | undefined> {
    if (given.aborted) return undefined;
    const ended = await this.#call(tried, previous, given);
    if (execution.lease.lost.aborted || isGivenUp(ended)) return undefined;
    return againAfter(this.deps, tried, ended.outcome) ?? this.#settlementOf(tried, ended);
  }

  async #call(tried: ClaimedStep, previous: readonly unknown[], given: AbortSignal): Promise<HandlerRun> {
    const refused = refusal(this.deps, tried);
    if (refused) return { outcome: { kind: 'failed', error: stepErrorOf(refused) }, handlerMs: 0 };
    const { signature } = tried.step;
    return this.deps.runner.run(this.deps.registry.get(signature.task), tried, signature.immutable ? [] : previous, given);
  }

  #settlementOf(tried: ClaimedStep, ended: HandlerRun): Promise<StepSettlement> {
    if (ended.outcome.kind !== 'replaced') return this.deps.reporter.settlementOf(tried, ended, inlineMemberBytes);
    const error = taskErrors.error('MILLRACE_TASK_RESULT', `${tried.step.signature.task} is one of very many members, so no canvas can take its place`);
    return this.deps.reporter.settlementOf(tried, { ...ended, outcome: { kind: 'failed', error: stepErrorOf(error) } });
  }

  #reports(batch: MembersBatch, tries: ReadonlyMap<number, ClaimedStep>): MemberReports {
    const { runs, reporter, clock, settings } = this.deps;
    return new MemberReports(
      (changes) => runs.changeMembers(batch.run.id, { step: batch.step.id, sweepAt: sweepOf(batch, clock.now(), settings) }, changes),
      (changes, transition) => {
        for (const [member, change] of changes) {
          const tried = tries.get(member);
          if (tried && typeof change === 'object') reporter.tell(tried, change, transition?.applied ?? false);
        }
      },
    );
  }
}

const isGivenUp = ({ outcome }: HandlerRun): boolean => outcome.kind === 'failed' && givenUp.has(outcome.error.code);

const givenUp: ReadonlySet<string> = new Set(['MILLRACE_TASK_LATE', 'MILLRACE_TASK_REVOKED', 'MILLRACE_TASK_STOPPED', 'MILLRACE_TASK_LEASE_LOST']);
