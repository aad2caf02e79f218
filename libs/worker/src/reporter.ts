import { artifactKey, type ArtifactStore, type EngineSettings, nextSweep } from '@millrace/engine';
import type { Clock } from '@millrace/kernel';
import type { RunStore, StepResult, StepSettlement, Transition } from '@millrace/run-store';
import { type Outcome, stepErrorOf, taskErrors } from '@millrace/tasks';
import type { Log, Metrics } from '@millrace/telemetry';
import type { ClaimedStep } from './step-executor.js';

/** Writes an outcome into the record: its result inline when small, else in the blob store and a reference inline. */
export class Reporter {
  constructor(
    private readonly runs: RunStore,
    private readonly artifacts: ArtifactStore,
    private readonly deps: { readonly clock: Clock; readonly log: Log; readonly metrics: Metrics; readonly settings: EngineSettings },
  ) {}

  /** Undefined when the run is not there any more. */
  async settle(claimed: ClaimedStep, outcome: Outcome, handlerMs: number): Promise<Transition | undefined> {
    const { clock, settings } = this.deps;
    const { message, run, claimedAt } = claimed;
    const body = await this.#bodyOf(claimed, outcome);
    const now = clock.now();
    const timing = { claimedAt, settledAt: now, handlerMs: Math.round(handlerMs * 100) / 100 };
    const settled = await this.runs.settle(run.id, { step: message.step, sweepAt: nextSweep(run, now, settings) }, { ...body, timing });
    this.#tell(claimed, body, timing.handlerMs, settled?.applied ?? false);
    return settled;
  }

  async #bodyOf(claimed: ClaimedStep, outcome: Outcome): Promise<SettlementBody> {
    if (outcome.kind === 'failed') return { status: 'failed', error: outcome.error };
    if (outcome.kind === 'replaced') return { status: 'replaced', canvas: outcome.canvas };
    try {
      return { status: 'succeeded', result: await this.#resultOf(claimed, JSON.stringify(outcome.value ?? null)) };
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      const error = taskErrors.error('MILLRACE_TASK_RESULT', `the result of ${claimed.message.task} cannot be written as JSON`, { cause });
      return { status: 'failed', error: stepErrorOf(error) };
    }
  }

  async #resultOf({ message, run, claim }: ClaimedStep, json: string): Promise<StepResult> {
    const bytes = Buffer.from(json);
    if (bytes.byteLength <= this.deps.settings.inlineResultBytes) return { inline: JSON.parse(json) as unknown };
    const key = artifactKey(run.id, message.step, claim, 'result.json');
    return { ref: await this.artifacts.write(key, bytes, 'application/json') };
  }

  #tell({ message, attempt }: ClaimedStep, body: SettlementBody, handlerMs: number, applied: boolean): void {
    const { log, metrics } = this.deps;
    const status = applied ? body.status : 'superseded';
    metrics.tasks.inc({ task: message.task, status });
    metrics.taskRun.observe({ task: message.task }, handlerMs / 1000);
    const fields = { run: message.run, step: message.step, task: message.task, attempt, durationMs: handlerMs, status };
    if (body.status === 'failed') log.warn({ ...fields, code: body.error.code, reason: body.error.message }, 'task failed');
    else log.info(fields, 'task done');
  }
}

type WithoutTiming<S> = S extends unknown ? Omit<S, 'timing'> : never;
type SettlementBody = WithoutTiming<StepSettlement>;
