import type { StepId } from '@millrace/canvas';
import type {
  CreateOptions,
  DeliveryEnd,
  FinalRecord,
  ListRuns,
  MemberChange,
  MembersAt,
  RunHead,
  RunPage,
  RunRecord,
  RunStore,
  SettleThen,
  StepAt,
  StepSettlement,
  Transition,
  WatchScope,
} from '@millrace/run-store';
import { type CanvasStore, hasStandIn } from './canvas-store.js';

/** A run store that takes canvases of any size: large ones lie in the blob store, and nobody above notices. */
export class LargeCanvasRunStore implements RunStore {
  constructor(
    private readonly inner: RunStore,
    private readonly canvases: CanvasStore,
  ) {}

  async create(head: RunHead, sweepAt: number, options?: CreateOptions): Promise<Transition> {
    const canvas = await this.canvases.store(head.canvas);
    const { applied, run } = await this.inner.create(canvas === head.canvas ? head : { ...head, canvas }, sweepAt, options);
    return { applied, run: await this.#whole(run) };
  }

  async read(id: string): Promise<RunRecord | undefined> {
    const run = await this.inner.read(id);
    return run && this.#whole(run);
  }

  claim(id: string, at: StepAt): Promise<Transition | undefined> {
    return this.#restored(this.inner.claim(id, at));
  }

  async settle(id: string, at: StepAt, settlement: StepSettlement, then?: SettleThen): Promise<Transition | undefined> {
    const small = settlement.status === 'replaced' ? { ...settlement, canvas: await this.canvases.store(settlement.canvas) } : settlement;
    return this.#restored(this.inner.settle(id, at, small, then));
  }

  fail(id: string, at: StepAt): Promise<Transition | undefined> {
    return this.#restored(this.inner.fail(id, at));
  }

  snooze(id: string, at: StepAt): Promise<Transition | undefined> {
    return this.#restored(this.inner.snooze(id, at));
  }

  claimMembers(id: string, at: MembersAt): ReturnType<RunStore['claimMembers']> {
    return this.inner.claimMembers(id, at);
  }

  changeMembers(id: string, at: Omit<MembersAt, 'members'>, changes: ReadonlyMap<number, MemberChange>): ReturnType<RunStore['changeMembers']> {
    return this.inner.changeMembers(id, at, changes);
  }

  readMembers(id: string, step: StepId): ReturnType<RunStore['readMembers']> {
    return this.inner.readMembers(id, step);
  }

  touch(id: string, sweepAt: number): ReturnType<RunStore['touch']> {
    return this.inner.touch(id, sweepAt);
  }

  freeze(id: string, final: FinalRecord, sweepAt: number, knownRev?: number): Promise<Transition | undefined> {
    return this.#restored(this.inner.freeze(id, final, sweepAt, knownRev));
  }

  finish(id: string, final: FinalRecord, knownRev?: number): Promise<Transition | undefined> {
    return this.#restored(this.inner.finish(id, final, knownRev));
  }

  cancel(id: string, final: FinalRecord): Promise<Transition | undefined> {
    return this.#restored(this.inner.cancel(id, final));
  }

  beginDelivery(id: string, begin: Parameters<RunStore['beginDelivery']>[1]): Promise<Transition | undefined> {
    return this.#restored(this.inner.beginDelivery(id, begin));
  }

  endDelivery(id: string, end: DeliveryEnd): Promise<Transition | undefined> {
    return this.#restored(this.inner.endDelivery(id, end));
  }

  putOffDelivery(id: string, putOff: Parameters<RunStore['putOffDelivery']>[1]): Promise<Transition | undefined> {
    return this.#restored(this.inner.putOffDelivery(id, putOff));
  }

  replayDelivery(id: string, sweepAt: number): Promise<Transition | undefined> {
    return this.#restored(this.inner.replayDelivery(id, sweepAt));
  }

  due(now: number, limit: number): Promise<readonly string[]> {
    return this.inner.due(now, limit);
  }

  async list(tenant: string, options: ListRuns): Promise<RunPage> {
    const page = await this.inner.list(tenant, options);
    return { ...page, runs: await Promise.all(page.runs.map((run) => this.#whole(run))) };
  }

  sweep(id: string, at: Parameters<RunStore['sweep']>[1]): Promise<Transition | undefined> {
    return this.#restored(this.inner.sweep(id, at));
  }

  watch(id: string, changed: () => void, scope?: WatchScope): Promise<() => Promise<void>> {
    return this.inner.watch(id, changed, scope);
  }

  prepare(): Promise<void> {
    return this.inner.prepare();
  }

  ping(): Promise<void> {
    return this.inner.ping();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  async #restored(transition: Promise<Transition | undefined>): Promise<Transition | undefined> {
    const made = await transition;
    return made && hasStandIn(made.run) ? { applied: made.applied, run: await this.canvases.restore(made.run) } : made;
  }

  async #whole(run: RunRecord): Promise<RunRecord> {
    return hasStandIn(run) ? this.canvases.restore(run) : run;
  }
}
