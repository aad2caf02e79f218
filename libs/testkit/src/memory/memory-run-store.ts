import {
  type DeliveryEnd,
  type DeliveryRecord,
  type FinalRecord,
  inListOrder,
  type ListRuns,
  type MemberChange,
  type MembersAt,
  type MembersTransition,
  type RunHead,
  type RunPage,
  type RunRecord,
  type RunStatus,
  type RunStore,
  type SettleThen,
  type StepAt,
  type StepRecord,
  type StepSettlement,
  terminalStatuses,
  type Transition,
  untouchedStep,
  type WatchScope,
} from '@millrace/run-store';
import { MemoryRuns } from './memory-runs.js';

/** The record after a change; undefined when that is to be refused. */
type Change = (run: RunRecord) => RunRecord | undefined;

const undelivered: DeliveryRecord = { bodySha256: '', attempts: 0, leaseUntil: 0, log: [] };
/**
 * Run records in a map: the port's contract with nothing around it. For tests of what lies above the port. Records are
 * frozen and share what did not change; what is given goes through JSON, as it does on its way to a server.
 */
export class MemoryRunStore implements RunStore {
  readonly #runs: MemoryRuns;
  readonly #watches = new Set<() => void>();

  /** A store given another shares its records, as processes share a server. */
  constructor(other?: MemoryRunStore) {
    this.#runs = other ? other.#runs : new MemoryRuns();
  }

  async create(head: RunHead, sweepAt: number): Promise<Transition> {
    const there = this.#runs.get(head.id);
    if (there) return { applied: false, run: there };
    return { applied: true, run: this.#runs.put({ ...kept(head), status: 'received', rev: 1, epoch: 0, sweepAt, steps: {} }) };
  }

  async read(id: string): Promise<RunRecord | undefined> {
    return this.#runs.get(id);
  }

  async claim(id: string, at: StepAt): Promise<Transition | undefined> {
    return this.#change(id, (run) => (isOpen(run, at.step) ? { ...claimed(run, at.step), status: 'running', sweepAt: at.sweepAt } : undefined));
  }

  async settle(id: string, { step, sweepAt }: StepAt, settlement: StepSettlement, { claim, finish, knownRev = 0 }: SettleThen = {}): Promise<Transition | undefined> {
    return this.#change(id, (run) => {
      if (!isAtWork(run, step)) return undefined;
      const settled = { ...withStep(run, step, { settlement: kept(settlement) }), sweepAt };
      if (finish && run.rev >= knownRev) return ended(settled, 'finished', finish);
      return claim !== undefined && isOpen(settled, claim) ? claimed(settled, claim) : settled;
    });
  }

  async fail(id: string, { step, sweepAt }: StepAt): Promise<Transition | undefined> {
    return this.#change(id, (run) => (isAtWork(run, step) ? { ...withStep(run, step, { failures: stepOf(run, step).failures + 1 }), sweepAt } : undefined));
  }

  async snooze(id: string, { step, sweepAt }: StepAt): Promise<Transition | undefined> {
    return this.#change(id, (run) => (isAtWork(run, step) ? { ...withStep(run, step, snoozed(stepOf(run, step))), sweepAt } : undefined));
  }

  async claimMembers(id: string, { step, members, sweepAt }: MembersAt): Promise<MembersTransition | undefined> {
    return this.#changeMembers(id, { step, sweepAt }, members, (before) => ({ ...before, claims: before.claims + 1 }));
  }

  async changeMembers(id: string, at: StepAt, changes: ReadonlyMap<number, MemberChange>): Promise<MembersTransition | undefined> {
    return this.#changeMembers(id, at, [...changes.keys()], (before, number) => {
      const change = changes.get(number);
      if (change === undefined || change === 'failed-try') return { ...before, failures: before.failures + 1 };
      return change === 'snoozed-try' ? snoozed(before) : { ...before, settlement: kept(change) };
    });
  }

  async readMembers(id: string, step: string): Promise<ReadonlyMap<number, StepRecord>> {
    return new Map(this.#runs.shard(id, step).members);
  }

  async touch(id: string, sweepAt: number): Promise<RunStatus | undefined> {
    const run = this.#runs.get(id);
    if (run?.sweepAt !== undefined && run.sweepAt < sweepAt) this.#runs.put({ ...run, sweepAt });
    return run?.status;
  }

  async freeze(id: string, final: FinalRecord, sweepAt: number, knownRev = 0): Promise<Transition | undefined> {
    return this.#change(id, (run) => (isOpen(run) && run.rev >= knownRev ? { ...run, status: 'finalizing', final: kept(final), sweepAt } : undefined));
  }

  async finish(id: string, final: FinalRecord, knownRev = 0): Promise<Transition | undefined> {
    return this.#change(id, (run) => (isOpen(run) && run.rev >= knownRev ? ended(run, 'finished', final) : undefined));
  }

  async cancel(id: string, final: FinalRecord): Promise<Transition | undefined> {
    return this.#change(id, (run) => (isOpen(run) ? ended(run, 'cancelled', final) : undefined));
  }

  async beginDelivery(id: string, begin: { now: number; bodySha256: string; leaseUntil: number }): Promise<Transition | undefined> {
    return this.#change(id, (run) => {
      if (!isFree(run, begin.now)) return undefined;
      const { nextAt: _, ...before } = run.delivery ?? undelivered;
      const delivery = { ...before, bodySha256: begin.bodySha256, attempts: before.attempts + 1, leaseUntil: begin.leaseUntil };
      return { ...run, status: 'delivering', sweepAt: begin.leaseUntil, delivery };
    });
  }

  async endDelivery(id: string, { attempt, entry, status, nextAt }: DeliveryEnd): Promise<Transition | undefined> {
    return this.#change(id, (run) => {
      const { delivery, sweepAt, ...rest } = run;
      if (run.status !== 'delivering' || !delivery || delivery.attempts !== attempt || delivery.leaseUntil === 0) return undefined;
      const { nextAt: _, ...over } = { ...delivery, leaseUntil: 0, log: [...delivery.log, kept(entry)].slice(-10) };
      if (status !== 'delivering') return { ...rest, status, delivery: over };
      const next = nextAt ?? delivery.nextAt;
      return { ...rest, status, sweepAt: nextAt ?? sweepAt ?? 0, delivery: next === undefined ? over : { ...over, nextAt: next } };
    });
  }

  async putOffDelivery(id: string, { now, bodySha256, nextAt }: { now: number; bodySha256: string; nextAt: number }): Promise<Transition | undefined> {
    return this.#change(id, (run) =>
      isFree(run, now) ? { ...run, status: 'delivering', sweepAt: nextAt, delivery: { ...(run.delivery ?? undelivered), bodySha256, nextAt } } : undefined,
    );
  }

  async replayDelivery(id: string, sweepAt: number): Promise<Transition | undefined> {
    return this.#change(id, (run) => {
      const { delivery } = run;
      if (!delivery || run.status === 'delivering' || !terminalStatuses.has(run.status)) return undefined;
      return { ...run, status: 'delivering', epoch: run.epoch + 1, sweepAt, delivery: { ...delivery, replayedAfter: delivery.attempts } };
    });
  }

  async due(now: number, limit: number): Promise<readonly string[]> {
    return this.#runs.due(now).slice(0, limit);
  }

  async list(tenant: string, { limit, since = -Infinity, until = Infinity, after }: ListRuns): Promise<RunPage> {
    const listed = (run: RunRecord): boolean => run.raw !== undefined && run.tenant === tenant && run.createdAt >= since && run.createdAt < until;
    const runs = this.#runs.all().filter((run) => listed(run) && (!after || inListOrder(after, run) < 0));
    const page = runs.toSorted(inListOrder).slice(0, limit);
    const last = page.at(-1);
    return { runs: page, ...(last && page.length === limit ? { next: { createdAt: last.createdAt, id: last.id } } : {}) };
  }

  async sweep(id: string, { now, sweepAt }: { now: number; sweepAt: number }): Promise<Transition | undefined> {
    return this.#change(id, (run) => (run.sweepAt !== undefined && run.sweepAt <= now ? { ...run, epoch: run.epoch + 1, sweepAt } : undefined));
  }

  async watch(id: string, changed: () => void, scope: WatchScope = 'all'): Promise<() => Promise<void>> {
    const unwatch = this.#runs.watch(id, changed, scope);
    this.#watches.add(unwatch);
    return async () => {
      this.#watches.delete(unwatch);
      unwatch();
    };
  }

  async prepare(): Promise<void> {}
  async ping(): Promise<void> {}

  async close(): Promise<void> {
    for (const unwatch of this.#watches) unwatch();
    this.#watches.clear();
  }

  #change(id: string, change: Change): Transition | undefined {
    const run = this.#runs.get(id);
    if (!run) return undefined;
    const after = change(run);
    if (!after) return { applied: false, run };
    const put = this.#runs.put({ ...after, rev: run.rev + 1 });
    this.#runs.tell(id, isOpen(run) && !isOpen(put));
    return { applied: true, run: put };
  }

  #changeMembers(id: string, { step, sweepAt }: StepAt, numbers: readonly number[], change: (before: StepRecord, number: number) => StepRecord): MembersTransition | undefined {
    const run = this.#runs.get(id);
    if (!run) return undefined;
    const shard = this.#runs.shard(id, step);
    const applied = isOpen(run, step);
    if (applied) {
      for (const number of numbers) shard.change(number, change);
      this.#runs.put({ ...run, status: 'running', sweepAt });
      this.#runs.tell(id, false);
    }
    return { status: applied ? 'running' : run.status, applied, members: shard.those(numbers), settled: shard.settled };
  }
}

/** Whether a run is received or running, and the step, if one is named, not settled. */
const isOpen = (run: RunRecord, step?: string): boolean =>
  (run.status === 'received' || run.status === 'running') && (step === undefined || !stepOf(run, step).settlement);

/** Whether an attempt to deliver may begin. */
const isFree = ({ status, delivery: { leaseUntil, nextAt = 0 } = undelivered }: RunRecord, now: number): boolean =>
  status === 'finalizing' || (status === 'delivering' && leaseUntil <= now && nextAt <= now);

const isAtWork = (run: RunRecord, step: string): boolean => run.status === 'running' && isOpen(run, step);

const stepOf = (run: RunRecord, step: string): StepRecord => (Object.hasOwn(run.steps, step) ? run.steps[step] : undefined) ?? untouchedStep;

const withStep = (run: RunRecord, step: string, change: Partial<StepRecord>): RunRecord => ({ ...run, steps: { ...run.steps, [step]: { ...stepOf(run, step), ...change } } });

const claimed = (run: RunRecord, step: string): RunRecord => withStep(run, step, { claims: stepOf(run, step).claims + 1 });

const snoozed = (before: StepRecord): StepRecord => ({ ...before, snoozes: (before.snoozes ?? 0) + 1 });

function ended(run: RunRecord, status: RunStatus, final: FinalRecord): RunRecord {
  const { sweepAt: _, ...rest } = run;
  return { ...rest, status, final: kept(final) };
}

/** As it comes back from a server, and for nobody to change. */
function kept<T>(given: T): T {
  const copy: T = JSON.parse(JSON.stringify(given));
  freeze(copy);
  return copy;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const inner of Object.values(value)) freeze(inner);
  Object.freeze(value);
}
