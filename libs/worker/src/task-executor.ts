import type { Disposition } from '@millrace/broker';
import type { TaskMessage } from '@millrace/contracts';
import { type ArtifactStore, type EngineSettings, FollowUp, type HintSender, StepResults } from '@millrace/engine';
import type { Clock, Random } from '@millrace/kernel';
import type { Models } from '@millrace/models';
import type { RunStore } from '@millrace/run-store';
import { type AnyTask, TaskRegistry } from '@millrace/tasks';
import type { Log, Metrics } from '@millrace/telemetry';
import type { Execution, Executor } from './executor.js';
import { HandlerRunner } from './handler-runner.js';
import { Reporter } from './reporter.js';
import { ShardExecutor } from './shard-executor.js';
import { StepExecutor } from './step-executor.js';

export interface TaskExecutorDeps {
  readonly runs: RunStore;
  readonly artifacts: ArtifactStore;
  readonly models: Models;
  readonly hints: HintSender;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: EngineSettings;
}

/** Carries out all messages that call for tasks: single steps, and members of wide groups. */
export class TaskExecutor implements Executor {
  readonly #steps: StepExecutor;
  readonly #shards: ShardExecutor;

  constructor(tasks: readonly AnyTask[], deps: TaskExecutorDeps) {
    const parts = {
      ...deps,
      registry: new TaskRegistry(tasks),
      runner: new HandlerRunner(deps),
      reporter: new Reporter(deps.runs, deps.artifacts, deps),
      results: new StepResults(deps.artifacts),
      followUp: new FollowUp(deps.runs, deps),
    };
    this.#steps = new StepExecutor(parts);
    this.#shards = new ShardExecutor(parts);
  }

  execute(message: TaskMessage, execution: Execution): Promise<Disposition> {
    return (message.members ? this.#shards : this.#steps).execute(message, execution);
  }
}
