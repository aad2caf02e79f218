import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of one process, in one registry. Durations in seconds. */
export class Metrics {
  readonly registry = new Registry();

  readonly ingestions = this.#counter('millrace_ingestions_total', 'Ingestions by what became of the request', ['status']);
  readonly tasks = this.#counter('millrace_tasks_total', 'Tries at tasks by how they ended', ['task', 'status']);
  readonly taskRun = this.#histogram('millrace_task_runtime_seconds', 'Time in the handler', ['task']);
  readonly taskWait = this.#histogram('millrace_task_queue_seconds', 'From ready to begun', ['task']);
  readonly active = new Gauge({ name: 'millrace_worker_active', help: 'Handlers at work now', labelNames: ['queue'], registers: [this.registry] });
  readonly poolChildrenEnded = this.#counter('millrace_pool_children_ended_total', 'Children of thread and prefork pools that are gone, by why', ['queue', 'reason']);
  readonly poolMemory = this.#gauge('millrace_pool_child_memory_bytes', 'What the child held that ended a try last: resident memory, of a thread its heap', ['queue']);
  readonly cacheLookups = this.#counter('millrace_result_cache_lookups_total', 'Tasks that could have a result from before, by whether they had', ['task', 'result']);
  readonly cacheSaved = this.#counter('millrace_result_cache_saved_seconds_total', 'Time in handlers that results from before have spared', ['task']);
  readonly orphans = this.#counter('millrace_orphan_messages_total', 'Messages whose run is not in the store', []);
  readonly sweeps = this.#counter('millrace_sweeps_total', 'Runs whose hints were sent again', []);
  readonly callbacks = this.#counter('millrace_callback_attempts_total', 'Attempts to deliver a callback', ['status']);
  readonly callbackEvents = this.#counter('millrace_callback_events_total', 'What became of callbacks and endpoints that others should hear of', ['event']);
  readonly awsCalls = this.#counter('millrace_aws_calls_total', 'Requests to AWS by service and operation', ['kind']);
  readonly endToEnd = this.#histogram('millrace_ingestion_seconds', 'From ingestion to the delivered callback', ['outcome']);

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    // a finer precision would wake an idle process a hundred times a second
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 1_000 });
  }

  #gauge<T extends string>(name: string, help: string, labelNames: readonly T[]): Gauge<T> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  #counter<T extends string>(name: string, help: string, labelNames: readonly T[]): Counter<T> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram<T extends string>(name: string, help: string, labelNames: readonly T[]): Histogram<T> {
    return new Histogram({ name, help, labelNames, buckets: seconds, registers: [this.registry] });
  }
}
