import type { QueueDepth } from '@millrace/broker';
import { Client } from '@millrace/client';
import { ControlledWorker, ProcessControl, processId, type Schedule, Scheduler, Schedules, TellingRunStore } from '@millrace/control';
import { ArtifactStore, CanvasStore, defaultSettings, type EngineSettings, FollowUp, HintSender, LargeCanvasRunStore, StepResults, Sweeper } from '@millrace/engine';
import { type Clock, type Random, systemClock, systemRandom } from '@millrace/kernel';
import { loadOnnxModels, type ModelDefinition, type Models, type OnnxModelsOptions } from '@millrace/models';
import type { RunStore } from '@millrace/run-store';
import { type AnyTask, type PoolSpec, type QueueSpec, type Route, Router, taskErrors } from '@millrace/tasks';
import { EventBus, type Log, Metrics, recordTasks, silentLog } from '@millrace/telemetry';
import { CachedRunner, cpuLimit, poolKindOf, RateLimitedExecutor, TaskExecutor, TaskRates, Worker, WorkerPools } from '@millrace/worker';
import { type Adapters, openAdapters, type Profile } from './adapters.js';
import { childrenOf, type WorkloadModule } from './workload.js';

export interface AppOptions {
  /** What remote control knows its workers by. Default `app`. */
  readonly name?: string;
  readonly profile: Profile;
  /** The tasks that this process can carry out; a process that only begins runs needs none. */
  readonly tasks?: readonly AnyTask[];
  /** Default: one queue, `tasks`. */
  readonly queues?: readonly QueueSpec[];
  /** Default: every task goes to the first queue. */
  readonly routes?: readonly Route[];
  readonly models?: readonly ModelDefinition[];
  /** Where the children of queues with thread or prefork pools find the same tasks and models. */
  readonly workload?: WorkloadModule;
  readonly settings?: Partial<EngineSettings>;
  /** Runs to begin again and again. Given, even empty, its workers also begin those that were added by hand. */
  readonly schedules?: readonly Schedule[];
  /** Default: silent. */
  readonly log?: Log;
}

export interface WorkOptions {
  /** Default: all. */
  readonly queues?: readonly string[];
  /** Handlers at work at once in the async pools. Default 10. */
  readonly concurrency?: number;
  /** Instead of what the queues say of their pools. */
  readonly pool?: Partial<PoolSpec>;
  /** How the app's models are loaded and run. */
  readonly models?: OnnxModelsOptions;
}

/** A worker at work, with a sweeper beside it. */
export interface Working {
  /** Takes nothing more; resolves when what was begun has ended. */
  stop(): Promise<void>;
}

const defaultQueue: QueueSpec = { name: 'tasks', leaseMs: 4_000, maxDeliveries: 20 };

/** Tasks, a client and workers on one profile, for programs that are not NestJS services. */
export class App {
  readonly client: Client;
  readonly #parts: Parts;
  readonly #working = new Set<Working>();

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.client = new Client({ ...parts, documents: parts.adapters.documents, results: new StepResults(parts.artifacts) });
  }

  /** Connects and prepares what is missing. Rejects when the broker or a store does not answer. */
  static async open(options: AppOptions): Promise<App> {
    const { name = 'app', queues = [defaultQueue], log = silentLog } = options;
    const router = new Router(options.routes ?? [{ task: '**', queue: queues[0]?.name ?? defaultQueue.name }], queues);
    const events = new EventBus(processId(name, systemClock), systemClock);
    const base = { name, log, events, metrics: new Metrics(name), clock: systemClock, random: systemRandom, settings: { ...defaultSettings, ...options.settings } };
    recordTasks(events, base);
    const adapters = await openAdapters(options.profile, base);
    await Promise.all([adapters.broker.prepare(router.queues), adapters.runs.prepare(), adapters.blobs.prepare(), adapters.documents.prepare()]);
    const artifacts = new ArtifactStore(adapters.blobs);
    const runs = new LargeCanvasRunStore(new TellingRunStore(adapters.runs, events), new CanvasStore(artifacts));
    const hints = new HintSender(adapters.broker, router, base);
    const { tasks = [], models = [], schedules } = options;
    return new App({ ...base, profile: options.profile, workload: options.workload, adapters, artifacts, runs, hints, router, tasks, models, schedules, followUp: new FollowUp(runs, base) });
  }

  /** Carries out tasks until it is stopped. Rejects with MILLRACE_ROUTE_DEAD for a queue that does not exist. */
  async work(options: WorkOptions = {}): Promise<Working> {
    const { adapters, router, tasks, runs, followUp, hints } = this.#parts;
    const served = options.queues ? options.queues.map((name) => queueNamed(router, name)) : router.queues;
    const { pools, models } = await this.#poolsOf(served, options);
    const runner = new CachedRunner(pools, { ...this.#parts, ...adapters, models });
    const executor = new TaskExecutor(tasks, { ...this.#parts, models, runner });
    const rates = new TaskRates(tasks, { ...this.#parts, ...adapters });
    const limited = new RateLimitedExecutor(executor, { ...this.#parts, rates });
    const worker = new Worker(adapters.broker, { queues: served, slotsOf: pools.slotsOf, executorFor: () => limited }, this.#parts);
    const sweeper = new Sweeper(runs, followUp, hints, this.#parts);
    const control = this.#controlOf(new ControlledWorker({ broker: adapters.broker, worker, executor, tasks: executor.tasks, pools }), () => void working.stop());
    const scheduler = this.#scheduler();
    const stop = once(async () => {
      sweeper.stop();
      await scheduler?.stop();
      await control.draining();
      await worker.stop();
      await runner.stop();
      await pools.stop();
      await rates.stop();
      await control.stop();
      this.#working.delete(working);
    });
    const working = { stop };
    await rates.start();
    await pools.start();
    runner.start();
    await worker.start();
    await control.start();
    await scheduler?.start();
    sweeper.start();
    this.#working.add(working);
    return working;
  }

  #scheduler(): Scheduler | undefined {
    const { schedules, adapters } = this.#parts;
    const { documents } = adapters;
    return schedules && new Scheduler(new Schedules(documents, schedules), { ...this.#parts, documents, client: this.client });
  }

  async #poolsOf(queues: readonly QueueSpec[], { concurrency = 10, pool, models: options }: WorkOptions): Promise<{ pools: WorkerPools; models: Models }> {
    const { router, profile, workload } = this.#parts;
    const hasHandlers = queues.some((queue) => poolKindOf(queue, pool) === 'async');
    const models = await loadOnnxModels(hasHandlers ? this.#parts.models : [], options);
    const children = workload && childrenOf({ profile, workload, models: options });
    const init = { router, queues, pool, concurrency, processors: cpuLimit(), children };
    return { models, pools: new WorkerPools(init, { ...this.#parts, models }) };
  }

  #controlOf(worker: ControlledWorker, drain: () => void): ProcessControl {
    const { name, adapters } = this.#parts;
    return new ProcessControl({ service: name, worker, drain }, { ...this.#parts, ...adapters });
  }

  /** How many messages a queue holds. */
  depth(queue: string): Promise<QueueDepth> {
    return this.#parts.adapters.broker.depth(queue);
  }

  /** Stops its workers and closes its connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#working].map((working) => working.stop()));
    const { hints, adapters } = this.#parts;
    await hints.flush();
    await adapters.close();
  }
}

interface Parts {
  readonly profile: Profile;
  readonly workload: WorkloadModule | undefined;
  readonly name: string;
  readonly events: EventBus;
  readonly adapters: Adapters;
  readonly artifacts: ArtifactStore;
  readonly runs: RunStore;
  readonly hints: HintSender;
  readonly followUp: FollowUp;
  readonly router: Router;
  readonly tasks: readonly AnyTask[];
  readonly models: readonly ModelDefinition[];
  readonly schedules: readonly Schedule[] | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: EngineSettings;
}

/** The first call's promise, for every call. */
function once(act: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => (begun ??= act());
}

function queueNamed(router: Router, name: string): QueueSpec {
  const queue = router.queues.find((candidate) => candidate.name === name);
  if (queue) return queue;
  const names = router.queues.map((candidate) => candidate.name).join(', ');
  throw taskErrors.error('MILLRACE_ROUTE_DEAD', `queue ${JSON.stringify(name)} is to be served, but there are only ${names}`);
}
