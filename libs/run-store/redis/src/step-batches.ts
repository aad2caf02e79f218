import { nextTick } from 'node:process';
import { decodeFlat, type FlatFields, type Transition } from '@millrace/run-store';

/** An operation on a step with its arguments, as scripts/steps.lua takes it. */
export type StepOperation = readonly [name: 'claim' | 'fail' | 'snooze' | 'settle' | 'settle-claim' | 'settle-finish', ...args: Array<string | number>];

/** What scripts/steps.lua returns. */
type StepsReply = readonly [flags: string, fields: FlatFields] | null;

/** Has the script carry out operations on a run, given one after the other. */
type CarryOut = (id: string, operations: ReadonlyArray<string | number>) => Promise<unknown>;

interface Caller {
  readonly resolve: (transition: Transition | undefined) => void;
  readonly reject: (error: unknown) => void;
}

interface Batch {
  readonly operations: Array<string | number>;
  readonly callers: Caller[];
}

/** As many are carried out in well under a millisecond, during which Redis serves nobody else. */
const mostOperations = 64;

/**
 * Has operations on the steps of one run carried out together that are asked for in one turn of the event loop, as when
 * several deliveries of the run come at once. Everybody is given the same record.
 */
export class StepBatches {
  readonly #carryOut: CarryOut;
  readonly #open = new Map<string, Batch>();

  constructor(carryOut: CarryOut) {
    this.#carryOut = carryOut;
  }

  add(id: string, operation: StepOperation): Promise<Transition | undefined> {
    return new Promise((resolve, reject) => {
      const batch = this.#open.get(id) ?? this.#begin(id);
      batch.operations.push(...operation);
      if (batch.callers.push({ resolve, reject }) === mostOperations) void this.#send(id, batch);
    });
  }

  /** Sends what there is without waiting for more. */
  readonly flush = (): void => {
    for (const [id, batch] of this.#open) void this.#send(id, batch);
  };

  /** A tick that is asked for by a microtask comes after all microtasks, whoever began the batch. */
  #begin(id: string): Batch {
    if (this.#open.size === 0) queueMicrotask(() => nextTick(this.flush));
    const batch: Batch = { operations: [], callers: [] };
    this.#open.set(id, batch);
    return batch;
  }

  async #send(id: string, { operations, callers }: Batch): Promise<void> {
    this.#open.delete(id);
    try {
      const reply = (await this.#carryOut(id, operations)) as StepsReply;
      const outcome = reply && { flags: reply[0], run: decodeFlat(reply[1]) };
      callers.forEach(({ resolve }, i) => resolve(outcome ? { applied: outcome.flags[i] === '1', run: outcome.run } : undefined));
    } catch (error) {
      for (const { reject } of callers) reject(error);
    }
  }
}
