import type { PlanShard, PlanStep } from '@millrace/canvas';
import { nextSweepOf } from '@millrace/engine';
import type { RunRecord, StepRecord, StepSettlement } from '@millrace/run-store';
import type { ClaimedStep } from './claimed-step.js';
import type { StepExecutorDeps } from './step-executor.js';

type Members = ReadonlyMap<number, StepRecord>;

/** Settles a shard whose members are all settled, and sets off what follows. */
export class ShardCloser {
  constructor(private readonly deps: StepExecutorDeps) {}

  async close(run: RunRecord, step: PlanStep, shard: PlanShard): Promise<void> {
    const { runs, reporter, followUp, hints, clock, settings } = this.deps;
    const members = await runs.readMembers(run.id, step.id);
    const claimed: ClaimedStep = { id: step.id, step, run, claimedAt: clock.now(), attempt: 1, claim: 1, cutShort: 0 };
    const settlement = await this.#settlementOf(claimed, shard, members);
    const settled = await runs.settle(run.id, { step: step.id, sweepAt: nextSweepOf(run, clock.now(), settings) }, settlement);
    if (!settled) return;
    reporter.tell(claimed, settlement, settled.applied);
    hints.send(settled.applied ? await followUp.after(settled.run, step.id) : await followUp.all(settled.run));
  }

  async #settlementOf(claimed: ClaimedStep, { count, policy }: PlanShard, members: Members): Promise<StepSettlement> {
    const settlements = Array.from({ length: count }, (_, member) => members.get(member)?.settlement);
    const failure = settlements.find((settlement) => settlement?.status === 'failed');
    const value = Promise.all(settlements.map((settlement) => (policy === 'all' ? this.#valueOf(settlement) : this.#outcomeOf(settlement))));
    const outcome =
      policy === 'all' && failure?.status === 'failed' ? ({ kind: 'failed', error: failure.error } as const) : ({ kind: 'succeeded', value: await value } as const);
    return this.deps.reporter.settlementOf(claimed, { outcome, handlerMs: 0 });
  }

  async #valueOf(settlement: StepSettlement | undefined): Promise<unknown> {
    return settlement?.status === 'succeeded' ? this.deps.results.read(settlement.result) : undefined;
  }

  async #outcomeOf(settlement: StepSettlement | undefined): Promise<unknown> {
    if (settlement?.status === 'failed') return { status: 'failed', error: settlement.error };
    return { status: 'succeeded', value: await this.#valueOf(settlement) };
  }
}
