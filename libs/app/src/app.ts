import type { QueueDepth } from '@millrace/broker';
import { Client } from '@millrace/client';
import { ArtifactStore, CanvasStore, defaultSettings, type EngineSettings, FollowUp, HintSender, LargeCanvasRunStore, StepResults, Sweeper } from '@millrace/engine';
import { type Clock, type Random, Slots, systemClock, systemRandom } from '@millrace/kernel';
import { loadOnnxModels, type ModelDefinition, type OnnxModelsOptions } from '@millrace/models';
import type { RunStore } from '@millrace/run-store';
import { type AnyTask, type QueueSpec, type Route, Router, taskErrors } from '@millrace/tasks';
import { type Log, Metrics, silentLog } from '@millrace/telemetry';
import { TaskExecutor, Worker } from '@millrace/worker';
import { type Adapters, openAdapters, type Profile } from './adapters.js';

export interface AppOptions {
  readonly profile: Profile;
  /** The tasks that this process can carry out; a process that only begins runs needs none. */
  readonly tasks?: readonly AnyTask[];
  /** Default: one queue, `tasks`. */
  readonly queues?: readonly QueueSpec[];
  /** Default: every task goes to the first queue. */
  readonly routes?: readonly Route[];
  readonly models?: readonly ModelDefinition[];
  readonly settings?: Partial<EngineSettings>;
  /** Default: silent. */
  readonly log?: Log;
}

export interface WorkOptions {
  /** Default: all. */
  readonly queues?: readonly string[];
  /** Handlers at work at once. Default 10. */
  readonly concurrency?: number;
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
    this.client = new Client({ ...parts, results: new StepResults(parts.artifacts) });
  }

  /** Connects and prepares what is missing. Rejects when the broker or a store does not answer. */
  static async open(options: AppOptions): Promise<App> {
    const { queues = [defaultQueue], log = silentLog } = options;
    const router = new Router(options.routes ?? [{ task: '**', queue: queues[0]?.name ?? defaultQueue.name }], queues);
    const base = { log, metrics: new Metrics('app'), clock: systemClock, random: systemRandom, settings: { ...defaultSettings, ...options.settings } };
    const adapters = await openAdapters(options.profile, base);
    await Promise.all([adapters.broker.prepare(router.queues), adapters.runs.prepare(), adapters.blobs.prepare(), adapters.documents.prepare()]);
    const artifacts = new ArtifactStore(adapters.blobs);
    const runs = new LargeCanvasRunStore(adapters.runs, new CanvasStore(artifacts));
    const hints = new HintSender(adapters.broker, router, base);
    const { tasks = [], models = [] } = options;
    return new App({ ...base, adapters, artifacts, runs, hints, router, tasks, models, followUp: new FollowUp(runs, base) });
  }

  /** Carries out tasks until it is stopped. Rejects with MILLRACE_ROUTE_DEAD for a queue that does not exist. */
  async work({ queues, concurrency = 10, models: modelOptions }: WorkOptions = {}): Promise<Working> {
    const { adapters, router, tasks, models, runs, followUp, hints } = this.#parts;
    const served = queues ? queues.map((name) => queueNamed(router, name)) : router.queues;
    const executor = new TaskExecutor(tasks, { ...this.#parts, models: await loadOnnxModels(models, modelOptions) });
    const worker = new Worker(adapters.broker, { queues: served, slots: new Slots(concurrency), executorFor: () => executor }, this.#parts);
    const sweeper = new Sweeper(runs, followUp, hints, this.#parts);
    await worker.start();
    sweeper.start();
    const working = {
      stop: async () => {
        sweeper.stop();
        await worker.stop();
        this.#working.delete(working);
      },
    };
    this.#working.add(working);
    return working;
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
    await Promise.all([adapters.broker.close(), adapters.runs.close(), adapters.blobs.close(), adapters.documents.close()]);
  }
}

interface Parts {
  readonly adapters: Adapters;
  readonly artifacts: ArtifactStore;
  readonly runs: RunStore;
  readonly hints: HintSender;
  readonly followUp: FollowUp;
  readonly router: Router;
  readonly tasks: readonly AnyTask[];
  readonly models: readonly ModelDefinition[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: EngineSettings;
}

function queueNamed(router: Router, name: string): QueueSpec {
  const queue = router.queues.find((candidate) => candidate.name === name);
  if (queue) return queue;
  const names = router.queues.map((candidate) => candidate.name).join(', ');
  throw taskErrors.error('MILLRACE_ROUTE_DEAD', `queue ${JSON.stringify(name)} is to be served, but there are only ${names}`);
}
