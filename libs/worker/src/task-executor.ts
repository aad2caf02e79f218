import type { Disposition } from '@millrace/broker';
import { signature } from '@millrace/canvas';
import type { TaskMessage } from '@millrace/contracts';
import { type ArtifactStore, type EngineSettings, FollowUp, type HintSender, StepResults } from '@millrace/engine';
import type { Clock, Random } from '@millrace/kernel';
import type { Models } from '@millrace/models';
import type { RunStore } from '@millrace/run-store';
import { type AnyTask, taskErrors, TaskRegistry } from '@millrace/tasks';
import type { EventBus, Log, Metrics } from '@millrace/telemetry';
import type { Execution, Executor } from './executor.js';
import { HandlerRunner } from './handler-runner.js';
import type { HandlerRun, TryRunner } from './pools/pool.js';
import { Reporter } from './reporter.js';
import { ShardExecutor } from './shard-executor.js';
import { StepExecutor } from './step-executor.js';
import { Underway } from './underway.js';

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
  /** Where handlers run; default: on the event loop of this process. */
  readonly runner?: TryRunner;
  /** Where to tell what happens to tasks. */
  readonly events?: EventBus;
}

/** A task that is carried out outside any run. */
export interface LoneCall {
  /** Stands for a run's id. */
  readonly id: string;
  readonly task: string;
  readonly args: readonly unknown[];
  readonly timeoutMs: number;
}

/** Carries out all messages that call for tasks: single steps, and members of wide groups. */
export class TaskExecutor implements Executor {
  readonly #steps: StepExecutor;
  readonly #shards: ShardExecutor;
  readonly #registry: TaskRegistry;
  /** The tries that are at work. */
  readonly underway: Underway;

  constructor(
    tasks: readonly AnyTask[],
    private readonly deps: TaskExecutorDeps,
  ) {
    this.#registry = new TaskRegistry(tasks);
    this.underway = new Underway(deps.runner ?? new HandlerRunner(deps), deps);
    const parts = {
      ...deps,
      registry: this.#registry,
      runner: this.underway,
      reporter: new Reporter(deps.runs, deps.artifacts, deps),
      results: new StepResults(deps.artifacts),
      followUp: new FollowUp(deps.runs, deps),
    };
    this.#steps = new StepExecutor(parts);
    this.#shards = new ShardExecutor(parts);
  }

  /** Names of the tasks. */
  get tasks(): readonly string[] {
    return this.#registry.names;
  }

  /** Carries out a task here and now. Throws MILLRACE_TASK_UNKNOWN. */
  async call({ id, task, args, timeoutMs }: LoneCall): Promise<HandlerRun> {
    const { clock } = this.deps;
    const found = this.#registry.get(task);
    const limit = new AbortController();
    const cancel = clock.after(timeoutMs, () => limit.abort(taskErrors.error('MILLRACE_TASK_LATE', `${task} was not done in ${timeoutMs} ms`)));
    const run = { id, tenant: 'default', finaliseAt: clock.now() + timeoutMs };
    const tried = { id: '0', run, step: { signature: signature(task, ...args) }, attempt: 1, claim: 1 };
    return this.underway.run(found, tried, [], limit.signal).finally(cancel);
  }

  execute(message: TaskMessage, execution: Execution): Promise<Disposition> {
    return (message.members ? this.#shards : this.#steps).execute(message, execution);
  }
}
