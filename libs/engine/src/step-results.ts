import { type Input, resolve, type Run, sources } from '@millrace/canvas';
import type { RunRecord, StepResult } from '@millrace/run-store';
import type { ArtifactStore } from './artifact-store.js';
import { progressOf } from './progress.js';

/** Reads settled steps' results, from the record or from the blob store. */
export class StepResults {
  constructor(private readonly artifacts: ArtifactStore) {}

  /** The value of `input`; undefined for a step that has none. */
  async valueOf(record: RunRecord, input: Input): Promise<unknown> {
    const run = progressOf(record);
    const values = await this.#load(record, sources(run, input));
    return resolve(run, input, { valueOf: (step) => values.get(step), errorOf: (step) => errorOf(record, step) });
  }

  /** The results of all steps that succeeded. */
  async all(record: RunRecord, run: Run): Promise<ReadonlyMap<string, unknown>> {
    return this.#load(record, [...run.steps.keys()]);
  }

  /** The value that a settlement's result stands for. */
  async read(result: StepResult): Promise<unknown> {
    return 'inline' in result ? result.inline : JSON.parse(new TextDecoder().decode(await this.artifacts.read(result.ref)));
  }

  async #load(record: RunRecord, steps: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const values = new Map<string, unknown>();
    await Promise.all(
      steps.map(async (step) => {
        const settlement = record.steps[step]?.settlement;
        if (settlement?.status !== 'succeeded') return;
        values.set(step, await this.read(settlement.result));
      }),
    );
    return values;
  }
}

function errorOf(record: RunRecord, step: string): unknown {
  const settlement = record.steps[step]?.settlement;
  return settlement?.status === 'failed' ? settlement.error : undefined;
}
