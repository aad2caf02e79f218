import {
  type DeliveryEnd,
  type FinalRecord,
  type RunHead,
  type RunRecord,
  type RunStore,
  type StepAt,
  type StepRecord,
  type StepSettlement,
  terminalStatuses,
  type Transition,
} from '@millrace/run-store';

type Change = (run: RunRecord) => RunRecord | undefined;

/** Run records in a map: the port's contract with nothing around it. For tests of what lies above the port. */
export class MemoryRunStore implements RunStore {
  readonly #runs: Map<string, RunRecord>;

  /** Stores given the same map share their records, as processes share a server. */
  constructor(runs = new Map<string, RunRecord>()) {
    this.#runs = runs;
  }

  async create(head: RunHead, sweepAt: number): Promise<Transition> {
    const there = this.#runs.get(head.id);
    if (there) return { applied: false, run: structuredClone(there) };
    this.#runs.set(head.id, { ...structuredClone(head), status: 'received', rev: 1, epoch: 0, sweepAt, steps: {} });
    return { applied: true, run: await this.#copy(head.id) };
  }

  async read(id: string): Promise<RunRecord | undefined> {
    return structuredClone(this.#runs.get(id));
  }

  claim(id: string, at: StepAt): Promise<Transition | undefined> {
    return this.#change(id, (run) => (isOpen(run) ? { ...withStep(run, at, (step) => ({ ...step, claims: step.claims + 1 })), status: 'running' } : undefined), at.step);
  }

  settle(id: string, at: StepAt, settlement: StepSettlement): Promise<Transition | undefined> {
    return this.#change(id, (run) => (run.status === 'running' ? withStep(run, at, (step) => ({ ...step, settlement })) : undefined), at.step);
  }

  fail(id: string, at: StepAt): Promise<Transition | undefined> {
    return this.#change(id, (run) => (run.status === 'running' ? withStep(run, at, (step) => ({ ...step, failures: step.failures + 1 })) : undefined), at.step);
  }

  async touch(id: string, sweepAt: number): Promise<void> {
    const run = this.#runs.get(id);
    if (run && !terminalStatuses.has(run.status)) this.#runs.set(id, { ...run, sweepAt: Math.max(sweepAt, run.sweepAt ?? 0) });
  }

  freeze(id: string, final: FinalRecord, sweepAt: number): Promise<Transition | undefined> {
    return this.#change(id, (run) => (isOpen(run) ? { ...run, status: 'finalizing', final, sweepAt } : undefined));
  }

  beginDelivery(id: string, begin: { now: number; bodySha256: string; leaseUntil: number }): Promise<Transition | undefined> {
    return this.#change(id, (run) => {
      const { attempts = 0, leaseUntil = 0, log = [] } = run.delivery ?? {};
      if (run.status !== 'finalizing' && !(run.status === 'delivering' && leaseUntil <= begin.now)) return undefined;
      const delivery = { bodySha256: begin.bodySha256, attempts: attempts + 1, leaseUntil: begin.leaseUntil, log };
      return { ...run, status: 'delivering', sweepAt: begin.leaseUntil, delivery };
    });
  }

  endDelivery(id: string, { attempt, entry, status, nextAt }: DeliveryEnd): Promise<Transition | undefined> {
    return this.#change(id, (run) => {
      const { delivery, sweepAt, ...rest } = run;
      if (run.status !== 'delivering' || !delivery || delivery.attempts !== attempt || delivery.leaseUntil === 0) return undefined;
      const next = status === 'delivering' && nextAt !== undefined ? { nextAt } : {};
      const ended = { ...delivery, ...next, leaseUntil: 0, log: [...delivery.log, entry].slice(-10) };
      return { ...rest, status, delivery: ended, ...(status === 'delivering' ? { sweepAt: nextAt ?? sweepAt ?? 0 } : {}) };
    });
  }

  async due(now: number, limit: number): Promise<readonly string[]> {
    const due = [...this.#runs.values()].filter((run) => run.sweepAt !== undefined && run.sweepAt <= now);
    return due
      .sort((a, b) => (a.sweepAt ?? 0) - (b.sweepAt ?? 0))
      .slice(0, limit)
      .map((run) => run.id);
  }

  sweep(id: string, { now, sweepAt }: { now: number; sweepAt: number }): Promise<Transition | undefined> {
    return this.#change(id, (run) => (run.sweepAt !== undefined && run.sweepAt <= now ? { ...run, epoch: run.epoch + 1, sweepAt } : undefined));
  }

  async prepare(): Promise<void> {}
  async ping(): Promise<void> {}
  async close(): Promise<void> {}

  async #change(id: string, change: Change, step?: string): Promise<Transition | undefined> {
    const run = this.#runs.get(id);
    if (!run) return undefined;
    const changed = step !== undefined && run.steps[step]?.settlement ? undefined : change(structuredClone(run));
    if (changed) this.#runs.set(id, { ...changed, rev: run.rev + 1 });
    return { applied: changed !== undefined, run: await this.#copy(id) };
  }

  async #copy(id: string): Promise<RunRecord> {
    return structuredClone(this.#runs.get(id) as RunRecord);
  }
}

const isOpen = (run: RunRecord): boolean => run.status === 'received' || run.status === 'running';

function withStep(run: RunRecord, { step, sweepAt }: StepAt, change: (step: StepRecord) => StepRecord): RunRecord {
  return { ...run, sweepAt, steps: { ...run.steps, [step]: change(run.steps[step] ?? { claims: 0, failures: 0 }) } };
}
