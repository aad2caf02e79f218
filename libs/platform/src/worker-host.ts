import type { WatchedModels, WorkloadModule } from '@millrace/app';
import type { BrokerQueue } from '@millrace/broker';
import type { TaskMessage } from '@millrace/contracts';
import { type Controllable, ControlledWorker } from '@millrace/control';
import type { ModelDefinition } from '@millrace/models';
import { type AnyTask, type QueueSpec, taskErrors } from '@millrace/tasks';
import { CachedRunner, type Executor, poolErrors, RateLimitedExecutor, TaskExecutor, TaskRates, Worker, type WorkerPools } from '@millrace/worker';
import type { Runtime } from './runtime.js';
import type { Handlers, TaskHost } from './strategy.js';
import { openPools } from './worker-parts.js';

export interface WorkerHostOptions {
  readonly queues: readonly string[];
  readonly concurrency: number;
  readonly models: readonly ModelDefinition[];
  /** Where children find the handlers; those that are methods of controllers are not there. */
  readonly workload?: WorkloadModule | undefined;
  readonly definitions: readonly AnyTask[];
}

/** Puts a worker together from the handlers Nest has found, checks that they fit its queues, and runs it. */
export class WorkerHost implements TaskHost {
  #worker: Worker | undefined;
  #control: Controllable | undefined;
  #rateLimits: TaskRates | undefined;
  #pools: WorkerPools | undefined;
  #cached: CachedRunner | undefined;
  #watched: WatchedModels | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly options: WorkerHostOptions,
  ) {}

  async start(handlers: Handlers): Promise<void> {
    const queues = this.#queues();
    this.#check(handlers, queues);
    const { pools, watched } = await openPools(this.runtime, { ...this.options, queues });
    this.#checkPools(handlers, pools);
    this.#pools = pools;
    this.#watched = watched;
    const deps = { ...this.runtime, models: watched.models };
    this.#cached = this.runtime.config.MILLRACE_RESULT_CACHE ? new CachedRunner(pools, deps) : undefined;
    const steps = new TaskExecutor(handlers.tasks, { ...deps, runner: this.#cached ?? pools });
    const rates = await this.#rates(handlers);
    const limited = new RateLimitedExecutor(steps, { ...this.runtime, rates });
    const executorFor = (message: TaskMessage): Executor => handlers.executors.get(message.task) ?? limited;
    const worker = new Worker(this.runtime.broker, { queues, slotsOf: pools.slotsOf, executorFor }, this.runtime);
    this.#worker = worker;
    this.#control = new ControlledWorker({
      broker: this.runtime.broker,
      worker,
      executor: steps,
      tasks: [...steps.tasks, ...handlers.executors.keys()],
      pools,
    });
    await pools.start();
    this.#cached?.start();
    await worker.start();
  }

  /** What remote control can do to it, once it has started. */
  get control(): Controllable | undefined {
    return this.#control;
  }

  async stop(): Promise<void> {
    this.#watched?.stop();
    await this.#worker?.stop();
    await this.#cached?.stop();
    await this.#pools?.stop();
    await this.#rateLimits?.stop();
  }

  abort(): void {
    this.#worker?.abort();
  }

  async #rates({ tasks }: Handlers): Promise<TaskRates> {
    const rates = new TaskRates(tasks, this.runtime);
    await rates.start();
    return (this.#rateLimits = rates);
  }

  #queues(): readonly QueueSpec[] {
    const known = this.runtime.router.queues;
    return this.options.queues.map((name) => {
      const queue = known.find((candidate) => candidate.name === name);
      if (queue) return queue;
      const names = known.map((candidate) => candidate.name).join(', ');
      throw taskErrors.error('MILLRACE_ROUTE_DEAD', `this worker is to serve queue ${JSON.stringify(name)}, but there are only ${names}`);
    });
  }

  /** A child has no controllers. */
  #checkPools({ tasks }: Handlers, pools: WorkerPools): void {
    const defined = new Set(this.options.definitions.map(({ name }) => name));
    const lone = tasks.find(({ name }) => !defined.has(name) && pools.hasChildren(this.runtime.router.queueOf(name)));
    if (!lone) return;
    throw poolErrors.error('MILLRACE_POOL_WORKLOAD', `${lone.name} is a method of a controller, so it cannot run in the children of its queue's pool; define it as a plain task or give the queue the async pool`);
  }

  /** Every handler's task must come in on a queue of this worker, and every queue must have a handler. */
  #check({ tasks, executors }: Handlers, queues: readonly BrokerQueue[]): void {
    const served = new Set(queues.map((queue) => queue.name));
    const names = [...tasks.map((task) => task.name), ...executors.keys()];
    const routed = new Set(names.map((name) => this.runtime.router.queueOf(name)));
    const idle = [...served].find((queue) => !routed.has(queue));
    if (idle !== undefined) throw taskErrors.error('MILLRACE_TASK_UNKNOWN', `this worker serves queue ${idle}, but has no handler for any task routed there`);
  }
}
