import { type Canvas, chain, group, signature } from '@millrace/canvas';
import { sortableId, systemClock, systemRandom } from '@millrace/kernel';
import type { FinalRecord, RunHead, RunStore, StepSettlement, Transition } from '@millrace/run-store';
import { expect } from 'vitest';
import type { RunStoreSetup } from './setup.js';

/** When the runs under test are created: a fixed time, as the store must not look at a clock. */
export const createdAt = Date.UTC(2026, 0, 1);
/** Later than any time that a test calls due. */
export const farOff = Date.UTC(2100, 0, 1);
export const digest = 'ab'.repeat(32);
export const frozen: FinalRecord = { frozenAt: createdAt + 400 };
export const cancelled: FinalRecord = { frozenAt: createdAt + 300, reason: 'nobody waits for it' };

export const newId = (): string => sortableId('run', systemClock, systemRandom);

export function headOf(id: string, more: Partial<RunHead> = {}): RunHead {
  const canvas: Canvas = chain(signature('orders.dataset'), group([signature('orders.outliers'), signature('orders.basket')], 'collect'));
  return {
    id,
    tenant: 'acme',
    canvas,
    raw: { key: `raw/${id}`, bytes: 12, sha256: digest, contentType: 'text/csv' },
    createdAt,
    finaliseAt: createdAt + 9_000,
    deadlineAt: createdAt + 10_000,
    ...more,
  };
}

export const succeeded = (inline: unknown, settledAt = createdAt + 200): StepSettlement => ({
  status: 'succeeded',
  result: { inline },
  timing: { claimedAt: createdAt + 100, settledAt, handlerMs: 80 },
});

export const failed = (code: string, settledAt = createdAt + 200): StepSettlement => ({
  status: 'failed',
  error: { code, message: `failed with ${code}`, retryable: false },
  timing: { claimedAt: createdAt + 100, settledAt, handlerMs: 80 },
});

/** The record of a transition that was made. */
export function made(transition: Transition | undefined): Transition['run'] {
  expect(transition).toMatchObject({ applied: true });
  return transition!.run;
}

/** The record of a transition that was refused. */
export function refused(transition: Transition | undefined): Transition['run'] {
  expect(transition).toMatchObject({ applied: false });
  return transition!.run;
}

/** Two stores on the same data, and runs brought to a status. */
export class Stage {
  readonly #setup: RunStoreSetup;
  #stores: readonly [RunStore, RunStore] | undefined;

  constructor(setup: RunStoreSetup) {
    this.#setup = setup;
  }

  async open(): Promise<void> {
    this.#stores = [this.#setup.create(), this.#setup.create()];
    await Promise.all([this.store.prepare(), this.rival.prepare()]);
    await this.store.prepare();
  }

  /** One more store on the same data; the caller closes it. */
  another(): RunStore {
    return this.#setup.create();
  }

  async close(): Promise<void> {
    await Promise.all(this.#stores?.map((store) => store.close()) ?? []);
  }

  get store(): RunStore {
    return this.#opened[0];
  }

  /** Stands for another process. */
  get rival(): RunStore {
    return this.#opened[1];
  }

  get #opened(): readonly [RunStore, RunStore] {
    if (!this.#stores) throw new Error('the stage is not open');
    return this.#stores;
  }

  /** The id of a run just received. */
  async received(more: Partial<RunHead> = {}, sweepAt = farOff): Promise<string> {
    const head = headOf(newId(), more);
    made(await this.store.create(head, sweepAt));
    return head.id;
  }

  /** The id of a run of which step `0` was claimed. */
  async running(sweepAt = farOff): Promise<string> {
    const id = await this.received();
    made(await this.store.claim(id, { step: '0', sweepAt }));
    return id;
  }

  async finalizing(sweepAt = farOff): Promise<string> {
    const id = await this.running();
    made(await this.store.freeze(id, frozen, sweepAt));
    return id;
  }

  /** The id of a run whose first delivery attempt owns it until `leaseUntil`. */
  async delivering(leaseUntil: number): Promise<string> {
    const id = await this.finalizing();
    made(await this.store.beginDelivery(id, { now: createdAt, bodySha256: digest, leaseUntil }));
    return id;
  }

  async delivered(): Promise<string> {
    const id = await this.delivering(farOff);
    made(await this.store.endDelivery(id, { attempt: 1, entry: { at: createdAt, status: 204, ms: 5 }, status: 'delivered' }));
    return id;
  }

  async finished(): Promise<string> {
    const id = await this.running();
    made(await this.store.finish(id, frozen));
    return id;
  }

  async cancelled(): Promise<string> {
    const id = await this.running();
    made(await this.store.cancel(id, cancelled));
    return id;
  }

  /** Puts runs off, so that they do not count as due in the tests that follow. */
  async putOff(ids: Iterable<string>): Promise<void> {
    await Promise.all([...ids].map((id) => this.store.sweep(id, { now: farOff, sweepAt: farOff })));
  }
}
