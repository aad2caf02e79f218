import type { BrokerQueue } from '@millrace/broker';
import type { TaskMessage } from '@millrace/contracts';
import { Slots } from '@millrace/kernel';
import { loadOnnxModels, type ModelDefinition } from '@millrace/models';
import { taskErrors } from '@millrace/tasks';
import { type Executor, TaskExecutor, Worker } from '@millrace/worker';
import type { Runtime } from './runtime.js';
import type { Handlers, TaskHost } from './strategy.js';

export interface WorkerHostOptions {
  readonly queues: readonly string[];
  readonly concurrency: number;
  readonly models: readonly ModelDefinition[];
}

/** Puts a worker together from the handlers Nest has found, checks that they fit its queues, and runs it. */
export class WorkerHost implements TaskHost {
  #worker: Worker | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly options: WorkerHostOptions,
  ) {}

  async start(handlers: Handlers): Promise<void> {
    const queues = this.#queues();
    this.#check(handlers, queues);
    const models = await loadOnnxModels(this.options.models);
    const steps = new TaskExecutor(handlers.tasks, { ...this.runtime, models });
    const executorFor = (message: TaskMessage): Executor => handlers.executors.get(message.task) ?? steps;
    this.#worker = new Worker(this.runtime.broker, { queues, slots: new Slots(this.options.concurrency), executorFor }, this.runtime);
    await this.#worker.start();
  }

  async stop(): Promise<void> {
    await this.#worker?.stop();
  }

  abort(): void {
    this.#worker?.abort();
  }

  #queues(): readonly BrokerQueue[] {
    const known = this.runtime.router.queues;
    return this.options.queues.map((name) => {
      const queue = known.find((candidate) => candidate.name === name);
      if (queue) return queue;
      const names = known.map((candidate) => candidate.name).join(', ');
      throw taskErrors.error('MILLRACE_ROUTE_DEAD', `this worker is to serve queue ${JSON.stringify(name)}, but there are only ${names}`);
    });
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
