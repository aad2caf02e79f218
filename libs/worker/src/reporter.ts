import { type Canvas, compile } from '@millrace/canvas';
import { artifactKey, type ArtifactStore, type EngineSettings, nextSweepOf } from '@millrace/engine';
import type { Clock } from '@millrace/kernel';
import type { RunStore, SettleThen, StepResult, StepSettlement, Transition } from '@millrace/run-store';
import { type Outcome, stepErrorOf, taskErrors } from '@millrace/tasks';
import type { EventBus } from '@millrace/telemetry';
import type { ClaimedStep } from './claimed-step.js';
import type { HandlerRun } from './pools/pool.js';
import { settledActivity } from './task-activity.js';

/** Turns outcomes into settlements and writes them: a result inline when small, else in the blob store and a reference inline. */
export class Reporter {
  constructor(
    private readonly runs: Pick<RunStore, 'settle'>,
    private readonly artifacts: ArtifactStore,
    private readonly deps: { readonly clock: Clock; readonly events?: EventBus; readonly settings: EngineSettings },
  ) {}

  /** What is to be written of an outcome; `inlineBytes`: how large a result may be to lie in the record. */
  async settlementOf(claimed: ClaimedStep, { outcome, handlerMs }: HandlerRun, inlineBytes = this.deps.settings.inlineResultBytes): Promise<StepSettlement> {
    const body = await this.#bodyOf(claimed, finalOutcome(outcome), inlineBytes);
    const timing = { claimedAt: claimed.claimedAt, settledAt: this.deps.clock.now(), handlerMs: Math.round(handlerMs * 100) / 100 };
    return { ...body, timing };
  }

  /** Undefined when the run is not there any more. */
  async settle(claimed: ClaimedStep, settlement: StepSettlement, then?: SettleThen): Promise<Transition | undefined> {
    const { clock, settings } = this.deps;
    const { id, run } = claimed;
    const settled = await this.runs.settle(run.id, { step: id, sweepAt: nextSweepOf(run, clock.now(), settings) }, settlement, then);
    this.tell(claimed, settlement, settled?.applied ?? false);
    return settled;
  }

  /** Tells what became of a step or member. */
  tell(claimed: ClaimedStep, settlement: StepSettlement, applied: boolean): void {
    this.deps.events?.publish(settledActivity(claimed, settlement, applied));
  }

  async #bodyOf(claimed: ClaimedStep, outcome: FinalOutcome, inlineBytes: number): Promise<SettlementBody> {
    if (outcome.kind === 'failed') return { status: 'failed', error: outcome.error };
    if (claimed.step.branch) return chosen(claimed, outcome);
    if (outcome.kind === 'replaced') return replaced(outcome.canvas);
    try {
      return { status: 'succeeded', result: await this.#resultOf(claimed, JSON.stringify(outcome.value ?? null), inlineBytes) };
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      const error = taskErrors.error('MILLRACE_TASK_RESULT', `the result of ${claimed.step.signature.task} cannot be written as JSON`, { cause });
      return { status: 'failed', error: stepErrorOf(error) };
    }
  }

  async #resultOf({ id, run, claim }: ClaimedStep, json: string, inlineBytes: number): Promise<StepResult> {
    const bytes = Buffer.from(json);
    if (bytes.byteLength <= inlineBytes) return { inline: JSON.parse(json) as unknown };
    return { ref: await this.artifacts.write(artifactKey(run.id, id, claim, 'result.json'), bytes, 'application/json') };
  }
}

/** A canvas that cannot be run fails the step that returned it: in the record, nobody could make anything of it. */
function replaced(canvas: Canvas): SettlementBody {
  try {
    compile(canvas);
    return { status: 'replaced', canvas };
  } catch (thrown) {
    return { status: 'failed', error: stepErrorOf(thrown) };
  }
}

/** The case that a branch's task has named; null when the branch has no such case. */
function chosen({ step }: ClaimedStep, outcome: Exclude<FinalOutcome, { kind: 'failed' }>): SettlementBody {
  const value = outcome.kind === 'succeeded' ? outcome.value : outcome.canvas;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    const name = String(value);
    return { status: 'chosen', case: Object.hasOwn(step.branch?.cases ?? {}, name) ? name : null };
  }
  const error = taskErrors.error('MILLRACE_TASK_CASE', `${step.signature.task} decides a branch and answered with ${value === null ? 'null' : typeof value}`);
  return { status: 'failed', error: stepErrorOf(error) };
}

type FinalOutcome = Extract<Outcome, { kind: 'succeeded' | 'replaced' | 'failed' }>;

/** What an outcome comes to for the step, once it is clear that there will be no other try. */
function finalOutcome(outcome: Outcome): FinalOutcome {
  switch (outcome.kind) {
    case 'retry':
    case 'rejected':
      return { kind: 'failed', error: outcome.error };
    case 'ignored':
      return { kind: 'succeeded', value: null };
    case 'snoozed':
      return { kind: 'failed', error: stepErrorOf(taskErrors.error('MILLRACE_TASK_EXPIRED', `the handler put its work off by ${outcome.delayMs} ms, beyond the end of its run`)) };
    default:
      return outcome;
  }
}

type WithoutTiming<S> = S extends unknown ? Omit<S, 'timing'> : never;
type SettlementBody = WithoutTiming<StepSettlement>;
