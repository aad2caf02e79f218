import type { PlanStep } from '@millrace/canvas';
import type { Slots } from '@millrace/kernel';
import type { RunRecord } from '@millrace/run-store';
import type { AnyTask, Outcome } from '@millrace/tasks';
import type { ClaimedStep } from '../claimed-step.js';

/** What of a claimed step its handler's run depends on. Plain data: it goes to a pool's child as it is. */
export interface Try {
  /** The step's or the member's id. */
  readonly id: string;
  readonly run: Pick<RunRecord, 'id' | 'tenant' | 'raw' | 'finaliseAt'>;
  readonly step: Pick<PlanStep, 'signature' | 'items' | 'spread'>;
  readonly attempt: number;
  readonly claim: number;
}

/** A claimed step without what its handler's run does not depend on. */
export function tryOf({ id, run, step, attempt, claim }: ClaimedStep | Try): Try {
  const { signature, items, spread } = step;
  return {
    id,
    run: { id: run.id, tenant: run.tenant, finaliseAt: run.finaliseAt, ...(run.raw && { raw: run.raw }) },
    step: { signature, ...(items && { items }), ...(spread && { spread }) },
    attempt,
    claim,
  };
}

export interface HandlerRun {
  readonly outcome: Outcome;
  readonly handlerMs: number;
}

export type Arguments = readonly unknown[];

/** Runs one try of one step: arguments, context, limits, hooks. Whatever the handler does becomes an outcome. */
export interface TryRunner {
  /** `previous`: the previous result, or nothing. `given`: aborts when the delivery must be given up. */
  run(task: AnyTask, tried: Try, previous: Arguments, given: AbortSignal): Promise<HandlerRun>;
}

/** Where the handlers of one queue run. See docs/pools.md for what each kind can and cannot do. */
export interface Pool extends TryRunner {
  /** Whether a handler can be ended against its will, be it in JavaScript or in native code. */
  readonly canKill: boolean;
  /** One for each handler that can be at work, so nothing that holds one waits inside the pool. */
  readonly slots: Slots;
  /** Resolves when the pool can run its first try; rejects with MILLRACE_POOL_CHILD when its children cannot start. */
  start(): Promise<void>;
  /** Ends what the pool consists of. Handlers are to have ended before. */
  stop(): Promise<void>;
  /** Resolves when the pool has as many slots of its own, at least one. What is at work is not disturbed. */
  resize(slots: number): Promise<void>;
}
