import type { Disposition } from '@millrace/broker';
import { planStep } from '@millrace/canvas';
import type { TaskMessage } from '@millrace/contracts';
import { type Hint, progressOf, stepTimes } from '@millrace/engine';
import type { RunRecord } from '@millrace/run-store';
import { DeliveryWatch } from './delivery-watch.js';
import { ack, type Execution, type Executor } from './executor.js';
import { MemberRunner } from './member-runner.js';
import { type MembersBatch, type Place, rangeHint } from './members-batch.js';
import type { StepExecutorDeps } from './step-executor.js';
import { earlyBy } from './try-rules.js';

/** What members leave undone after this long is shared with other workers; quicker ones are not worth a message. */
const shareAfterMs = 50;

const mostAtOnce = 32;

const mostKept = 16;

/**
 * Carries out members of a wide group, whose records lie beside the run's. It claims some in one update, more each time
 * while they are quick, and settles what ends together together. When they are not quick, it sends what it has not begun
 * on in two halves.
 */
export class ShardExecutor implements Executor {
  readonly #kept = new Map<string, RunRecord>();
  readonly #members: MemberRunner;

  constructor(private readonly deps: StepExecutorDeps) {
    this.#members = new MemberRunner(deps);
  }

  async execute(message: TaskMessage, execution: Execution): Promise<Disposition> {
    const delayMs = earlyBy(message, this.deps.clock.now());
    if (delayMs > 0) return { kind: 'release', delayMs };
    const whole = await this.#batchOf(message);
    if (!whole) return ack;
    const extra = execution.slots.takeFree(whole.members.length - 1);
    const watch = new DeliveryWatch(whole, execution, this.deps);
    try {
      return await this.#carryOut(whole, { execution, given: watch.signal, lanes: 1 + extra });
    } finally {
      watch.release();
      execution.slots.give(extra);
    }
  }

  async #carryOut(whole: MembersBatch, at: Place): Promise<Disposition> {
    const { hints, clock } = this.deps;
    const queue = whole.step.signature.options?.queue ?? hints.router.queueOf(whole.step.signature.task);
    let rest = whole.members;
    const share = (): void => {
      hints.send(halves(rest).map((part) => rangeHint(whole, part)));
      rest = [];
    };
    for (let size = at.lanes; rest.length > 0; size = Math.max(at.lanes, Math.min(2 * size, mostAtOnce))) {
      const batch = { ...whole, members: rest.slice(0, size) };
      rest = rest.slice(size);
      const cancel = clock.after(shareAfterMs, share);
      const { end, retries } = await this.#members.run(batch, at).finally(cancel);
      if (end === 'given-up') return { kind: 'release', delayMs: 0 };
      if (end === 'over') return ack;
      const [retry] = retries;
      if (retry && retry.snoozes === undefined && whole.members.length === 1) return { kind: 'release', delayMs: earlyBy(retry.message, clock.now()) };
      hints.send(retries);
      if (!at.execution.serves(queue, whole.step.signature.task)) share();
    }
    return ack;
  }

  /** The members that a message names, but for those whose own time has not come: they are sent on to then. */
  async #batchOf(message: TaskMessage): Promise<MembersBatch | undefined> {
    const { hints, metrics, log } = this.deps;
    const run = await this.#runOf(message);
    const step = run && planStep(progressOf(run), message.step);
    if (!run || !step?.shard) {
      metrics.orphans.inc();
      log.warn({ run: message.run, step: message.step, task: message.task }, 'message without a run');
      return undefined;
    }
    const [from, to] = message.members ?? [0, step.shard.count];
    const all = { run, step, shard: step.shard, lookBy: message.lookBy, turn: message.turn, members: Array.from({ length: to - from }, (_, i) => from + i) };
    const early = this.#early(all);
    hints.send([...early.values()]);
    const members = all.members.filter((member) => !early.has(member));
    return members.length > 0 ? { ...all, members } : undefined;
  }

  /** The members whose own time has not come, each with the hint for then. */
  #early(batch: MembersBatch): ReadonlyMap<number, Hint> {
    const now = this.deps.clock.now();
    const early = new Map<number, Hint>();
    for (const member of batch.members) {
      const { options } = batch.shard.member(member).signature;
      if (!options) continue;
      const { notBefore = 0 } = stepTimes(batch.run, progressOf(batch.run), batch.step.id, options);
      if (notBefore > now) early.set(member, rangeHint(batch, [member], notBefore));
    }
    return early;
  }

  /** What it takes of a run's record never changes, unless the run is rebuilt, so one read per run will do. */
  async #runOf({ run: id, step, deadlineAt }: TaskMessage): Promise<RunRecord | undefined> {
    const kept = this.#kept.get(id);
    if (kept?.deadlineAt === deadlineAt && planStep(progressOf(kept), step)) return kept;
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
  const middle = Math.ceil(members.length / 2);
  return [members.slice(0, middle), members.slice(middle)].filter((part) => part.length > 0);
}
