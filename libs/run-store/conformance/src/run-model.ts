import type { DeliveryAttempt } from '@millrace/contracts';
import {
  type DeliveryEnd,
  type FinalRecord,
  type MembersTransition,
  type RunHead,
  type RunRecord,
  type RunStore,
  type SettleThen,
  type StepAt,
  type StepRecord,
  type StepSettlement,
  terminalStatuses,
  type Transition,
} from '@millrace/run-store';
import { type MembersOperation, ShardModel } from './shard-model.js';

/** A call that may make a transition. */
export type Operation =
  | { readonly kind: 'claim' | 'fail' | 'snooze'; readonly at: StepAt }
  | { readonly kind: 'settle'; readonly at: StepAt; readonly settlement: StepSettlement; readonly next?: SettleThen }
  | { readonly kind: 'finish' | 'cancel'; readonly final: FinalRecord }
  | { readonly kind: 'freeze'; readonly final: FinalRecord; readonly sweepAt: number }
  | { readonly kind: 'beginDelivery'; readonly begin: Parameters<RunStore['beginDelivery']>[1] }
  | { readonly kind: 'endDelivery'; readonly end: DeliveryEnd }
  | { readonly kind: 'putOffDelivery'; readonly putOff: Parameters<RunStore['putOffDelivery']>[1] }
  | { readonly kind: 'replayDelivery'; readonly sweepAt: number }
  | { readonly kind: 'sweep'; readonly at: Parameters<RunStore['sweep']>[1] };

export function perform(store: RunStore, id: string, operation: Operation): Promise<Transition | undefined> {
  switch (operation.kind) {
    case 'claim':
    case 'fail':
    case 'snooze':
      return store[operation.kind](id, operation.at);
    case 'settle':
      return store.settle(id, operation.at, operation.settlement, operation.next);
    case 'finish':
    case 'cancel':
      return store[operation.kind](id, operation.final);
    case 'freeze':
      return store.freeze(id, operation.final, operation.sweepAt);
    case 'beginDelivery':
      return store.beginDelivery(id, operation.begin);
    case 'endDelivery':
      return store.endDelivery(id, operation.end);
    case 'putOffDelivery':
      return store.putOffDelivery(id, operation.putOff);
    case 'replayDelivery':
      return store.replayDelivery(id, operation.sweepAt);
    case 'sweep':
      return store.sweep(id, operation.at);
  }
}

/** What a run is after the transitions made so far: the port's words as a value, with no store behind it. */
export class RunModel {
  private constructor(
    readonly record: RunRecord,
    /** The attempts that have ended, by their number. */
    private readonly ended: ReadonlyMap<number, DeliveryAttempt>,
    /** The shards that were begun, by their step. */
    private readonly shards: ReadonlyMap<string, ShardModel>,
  ) {}

  static received(head: RunHead, sweepAt: number): RunModel {
    return new RunModel({ ...head, status: 'received', rev: 1, epoch: 0, sweepAt, steps: {} }, new Map(), new Map());
  }

  /** The run after `operation`; undefined when that is to be refused. */
  after(operation: Operation): RunModel | undefined {
    switch (operation.kind) {
      case 'claim':
        return this.#claimed(operation.at);
      case 'settle':
        return this.#settled(operation.at, operation.settlement, operation.next);
      case 'finish':
        return this.#ended('finished', operation.final);
      case 'cancel':
        return this.#ended('cancelled', operation.final);
      case 'fail':
        return this.#failed(operation.at);
      case 'snooze':
        return this.#snoozed(operation.at);
      case 'freeze':
        return this.#frozen(operation.final, operation.sweepAt);
      case 'beginDelivery':
        return this.#deliveryBegun(operation.begin);
      case 'endDelivery':
        return this.#deliveryEnded(operation.end);
      case 'putOffDelivery':
        return this.#deliveryPutOff(operation.putOff);
      case 'replayDelivery':
        return this.#deliveryReplayed(operation.sweepAt);
      case 'sweep':
        return this.#swept(operation.at);
    }
  }

  touched(sweepAt: number): RunModel {
    const { record } = this;
    if (terminalStatuses.has(record.status) || record.sweepAt! >= sweepAt) return this;
    return new RunModel({ ...record, sweepAt }, this.ended, this.shards);
  }

  /** The run after an update of members, and what that is to tell. */
  withMembers(operation: MembersOperation): { readonly run: RunModel; readonly told: MembersTransition } {
    const { step, sweepAt } = operation.at;
    const applied = this.#isOpen && this.#openStep(step) !== undefined;
    if (!applied) return { run: this, told: { status: this.record.status, applied, ...this.shard(step).tell(operation) } };
    const shard = this.shard(step).after(operation);
    const run = new RunModel({ ...this.record, status: 'running', sweepAt }, this.ended, new Map([...this.shards, [step, shard]]));
    return { run, told: { status: 'running', applied, ...shard.tell(operation) } };
  }

  shard(step: string): ShardModel {
    return this.shards.get(step) ?? ShardModel.untouched;
  }

  get #isOpen(): boolean {
    return this.record.status === 'received' || this.record.status === 'running';
  }

  #claimed({ step, sweepAt }: StepAt): RunModel | undefined {
    const before = this.#openStep(step);
    if (!this.#isOpen || !before) return undefined;
    return this.#next({ status: 'running', sweepAt, steps: { ...this.record.steps, [step]: { ...before, claims: before.claims + 1 } } });
  }

  #settled({ step, sweepAt }: StepAt, settlement: StepSettlement, next: SettleThen = {}): RunModel | undefined {
    const before = this.#openStep(step);
    if (this.record.status !== 'running' || !before) return undefined;
    const steps = { ...this.record.steps, [step]: { ...before, settlement } };
    if (next.finish) return this.#next({ status: 'finished', sweepAt: undefined, steps, final: next.finish });
    const following = next.claim === undefined ? undefined : this.#openStep(next.claim);
    if (next.claim === undefined || !following) return this.#next({ sweepAt, steps });
    return this.#next({ sweepAt, steps: { ...steps, [next.claim]: { ...following, claims: following.claims + 1 } } });
  }

  #ended(status: 'finished' | 'cancelled', final: FinalRecord): RunModel | undefined {
    return this.#isOpen ? this.#next({ status, sweepAt: undefined, final }) : undefined;
  }

  #failed({ step, sweepAt }: StepAt): RunModel | undefined {
    const before = this.#openStep(step);
    if (this.record.status !== 'running' || !before) return undefined;
    return this.#next({ sweepAt, steps: { ...this.record.steps, [step]: { ...before, failures: before.failures + 1 } } });
  }

  #snoozed({ step, sweepAt }: StepAt): RunModel | undefined {
    const before = this.#openStep(step);
    if (this.record.status !== 'running' || !before) return undefined;
    return this.#next({ sweepAt, steps: { ...this.record.steps, [step]: { ...before, snoozes: (before.snoozes ?? 0) + 1 } } });
  }

  #frozen(final: FinalRecord, sweepAt: number): RunModel | undefined {
    return this.#isOpen ? this.#next({ status: 'finalizing', final, sweepAt }) : undefined;
  }

  #deliveryBegun({ now, bodySha256, leaseUntil }: Parameters<RunStore['beginDelivery']>[1]): RunModel | undefined {
    if (!this.#isFreeAt(now)) return undefined;
    const { attempts = 0, replayedAfter } = this.record.delivery ?? {};
    const delivery = { bodySha256, attempts: attempts + 1, leaseUntil, log: lastTen(this.ended), ...(replayedAfter === undefined ? {} : { replayedAfter }) };
    return this.#next({ status: 'delivering', sweepAt: leaseUntil, delivery });
  }

  #deliveryPutOff({ now, bodySha256, nextAt }: Parameters<RunStore['putOffDelivery']>[1]): RunModel | undefined {
    if (!this.#isFreeAt(now)) return undefined;
    const { attempts = 0, leaseUntil = 0, replayedAfter } = this.record.delivery ?? {};
    const delivery = { bodySha256, attempts, leaseUntil, nextAt, log: lastTen(this.ended), ...(replayedAfter === undefined ? {} : { replayedAfter }) };
    return this.#next({ status: 'delivering', sweepAt: nextAt, delivery });
  }

  #deliveryReplayed(sweepAt: number): RunModel | undefined {
    const { status, epoch, delivery } = this.record;
    if (status !== 'delivered' && status !== 'exhausted' && status !== 'endpoint-disabled') return undefined;
    return this.#next({ status: 'delivering', epoch: epoch + 1, sweepAt, delivery: { ...delivery!, replayedAfter: delivery!.attempts } });
  }

  #isFreeAt(now: number): boolean {
    const { status, delivery } = this.record;
    return status === 'finalizing' || (status === 'delivering' && delivery!.leaseUntil <= now && (delivery!.nextAt ?? 0) <= now);
  }

  #deliveryEnded({ attempt, entry, status, nextAt }: DeliveryEnd): RunModel | undefined {
    const { delivery } = this.record;
    if (this.record.status !== 'delivering' || delivery?.attempts !== attempt || this.ended.has(attempt)) return undefined;
    const ended = new Map([...this.ended, [attempt, entry]]);
    const after = { ...delivery, leaseUntil: 0, log: lastTen(ended) };
    const { nextAt: _, ...over } = after;
    if (status !== 'delivering') return this.#next({ status, sweepAt: undefined, delivery: over }, ended);
    if (nextAt === undefined) return this.#next({ delivery: after }, ended);
    return this.#next({ sweepAt: nextAt, delivery: { ...after, nextAt } }, ended);
  }

  #swept({ now, sweepAt }: Parameters<RunStore['sweep']>[1]): RunModel | undefined {
    const isDue = this.record.sweepAt !== undefined && this.record.sweepAt <= now;
    return isDue ? this.#next({ epoch: this.record.epoch + 1, sweepAt }) : undefined;
  }

  /** The step as it stands, or a new one; undefined when it is settled. */
  #openStep(step: string): StepRecord | undefined {
    const known = this.record.steps[step] ?? { claims: 0, failures: 0 };
    return known.settlement ? undefined : known;
  }

  #next(changes: Partial<Omit<RunRecord, 'sweepAt'>> & { readonly sweepAt?: number | undefined }, ended = this.ended): RunModel {
    const { sweepAt, ...rest } = { ...this.record, ...changes };
    return new RunModel({ ...rest, rev: this.record.rev + 1, ...(sweepAt === undefined ? {} : { sweepAt }) }, ended, this.shards);
  }
}

const lastTen = (ended: ReadonlyMap<number, DeliveryAttempt>): DeliveryAttempt[] => [...ended.values()].slice(-10);
