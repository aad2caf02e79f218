import { LargeCanvasRunStore } from '@millrace/engine';
import type { CreateOptions, FinalRecord, RunHead, SettleThen, StepAt, StepSettlement, Transition } from '@millrace/run-store';

/** Who counts. */
export interface RunCounter {
  begun(tenant: string, createdAt: number): void;
  ended(tenant: string, createdAt: number): void;
}

/** Counts runs as they begin and as nothing of their canvas can change any more, along with the transition that makes it so. */
export class CountingRunStore extends LargeCanvasRunStore {
  constructor(
    ...[inner, canvases, counter]: [...ConstructorParameters<typeof LargeCanvasRunStore>, RunCounter]
  ) {
    super(inner, canvases);
    this.#counter = counter;
  }

  readonly #counter: RunCounter;

  override async create(head: RunHead, sweepAt: number, options?: CreateOptions): Promise<Transition> {
    const made = await super.create(head, sweepAt, options);
    if (made.applied) this.#counter.begun(head.tenant, head.createdAt);
    return made;
  }

  override async settle(id: string, at: StepAt, settlement: StepSettlement, then?: SettleThen): Promise<Transition | undefined> {
    const made = await super.settle(id, at, settlement, then);
    return then?.finish && made?.run.status === 'finished' ? this.#ended(made) : made;
  }

  override async freeze(id: string, final: FinalRecord, sweepAt: number, knownRev?: number): Promise<Transition | undefined> {
    return this.#ended(await super.freeze(id, final, sweepAt, knownRev));
  }

  override async finish(id: string, final: FinalRecord, knownRev?: number): Promise<Transition | undefined> {
    return this.#ended(await super.finish(id, final, knownRev));
  }

  override async cancel(id: string, final: FinalRecord): Promise<Transition | undefined> {
    return this.#ended(await super.cancel(id, final));
  }

  #ended(made: Transition | undefined): Transition | undefined {
    if (made?.applied) this.#counter.ended(made.run.tenant, made.run.createdAt);
    return made;
  }
}
