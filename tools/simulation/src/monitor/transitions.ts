import { type RunRecord, terminalStatuses } from '@millrace/run-store';
import type { Change, Members } from '../ports/run-server.js';
import { mostSkewMs } from '../world/host.js';
import type { Facts } from './facts.js';
import type { Oracle } from './oracle.js';

/** Statuses in their order; those of one rank exclude each other. */
const rank: Readonly<Record<RunRecord['status'], number>> = {
  received: 0,
  running: 1,
  finalizing: 2,
  delivering: 3,
  delivered: 4,
  exhausted: 4,
  'endpoint-disabled': 4,
  finished: 4,
  cancelled: 4,
};

/** A clock is off by a little more, as it tells whole milliseconds only. */
const skewMs = mostSkewMs + 10;

/** Watches every change of every record: I1 (commit point), I4 (no early end), I5, I7 and I10 (leases and times of attempts). */
export class Transitions {
  constructor(
    private readonly facts: Facts,
    private readonly oracle: Pick<Oracle, 'isOver'>,
  ) {}

  async changed({ run, operation, before, after, members }: Change): Promise<void> {
    if (members) this.#membersSettledOnce(run, members.before, members.after);
    if (!after || before === after) return;
    if (!before) return this.#created(run, after);
    if (before.status !== 'finalizing' && after.status === 'finalizing') this.facts.frozen.set(run, [...(this.facts.frozen.get(run) ?? []), after]);
    this.#forward(run, before, after);
    this.#settledOnce(run, before, after);
    if (!before.final && after.final) this.#ended(run, after);
    if (operation.name === 'beginDelivery') this.#begun(run, before);
  }

  async #created(run: string, { raw }: RunRecord): Promise<void> {
    const there = raw && (await this.facts.servers.blobs.stat(raw.key));
    this.facts.expect(there !== undefined, 'I1', `${run} is on record, its data is not in the journal`);
  }

  #forward(run: string, before: RunRecord, after: RunRecord): void {
    const forward = rank[before.status] < rank[after.status] || (before.status === after.status && !terminalStatuses.has(before.status));
    this.facts.expect(forward, 'I5', `${run} went from ${before.status} to ${after.status}`);
    const isSame = before.steps === after.steps && before.delivery === after.delivery && before.final === after.final && before.epoch === after.epoch;
    this.facts.expect(after.rev > before.rev || (after.rev === before.rev && isSame), 'I5', `${run} changed, but its rev went from ${before.rev} to ${after.rev}`);
  }

  #settledOnce(run: string, before: RunRecord, after: RunRecord): void {
    for (const [step, { settlement, claims, failures, snoozes = 0 }] of Object.entries(before.steps)) {
      const now = after.steps[step];
      if (settlement) this.facts.expect(now?.settlement === settlement, 'I7', `step ${step} of ${run} was settled twice`);
      this.facts.expect((now?.claims ?? 0) >= claims, 'I5', `step ${step} of ${run} has lost a claim`);
      this.facts.expect((now?.failures ?? 0) >= failures && (now?.snoozes ?? 0) >= snoozes, 'I5', `step ${step} of ${run} has lost a try`);
    }
  }

  #membersSettledOnce(run: string, before: Members, after: Members): void {
    for (const [member, { settlement }] of before) {
      if (settlement) this.facts.expect(after.get(member)?.settlement === settlement, 'I7', `member ${member} of a step of ${run} was settled twice`);
    }
  }

  #ended(run: string, record: RunRecord): void {
    const mayEnd = record.status === 'cancelled' || this.facts.world.time + skewMs >= record.finaliseAt || this.oracle.isOver(record);
    this.facts.expect(mayEnd, 'I4', `${run} is ${record.status}, and there was time for what is left to run`);
  }

  #begun(run: string, { delivery }: RunRecord): void {
    const { leaseUntil = 0, nextAt = 0, attempts = 0 } = delivery ?? {};
    const { time } = this.facts.world;
    this.facts.expect(leaseUntil <= time + skewMs, 'I10', `attempt ${attempts + 1} of ${run} began while attempt ${attempts} had its lease`);
    this.facts.expect(nextAt <= time + skewMs, 'I10', `attempt ${attempts + 1} of ${run} began ${nextAt - time} ms early`);
    this.facts.expect(attempts < 10 || leaseUntil > 0, 'I10', `attempt ${attempts + 1} of ${run} was one too many`);
  }
}
