import { childrenOf, type WatchedModels, watchedModels, type WorkloadModule } from '@millrace/app';
import type { ModelDefinition, OnnxModelsOptions } from '@millrace/models';
import type { PoolSpec, QueueSpec } from '@millrace/tasks';
import { cpuLimit, poolKindOf, WorkerPools } from '@millrace/worker';
import type { Config } from './config.js';
import { profileOf, type Runtime } from './runtime.js';

export interface PoolsInit {
  readonly queues: readonly QueueSpec[];
  readonly concurrency: number;
  readonly models: readonly ModelDefinition[];
  readonly workload?: WorkloadModule | undefined;
}

/** The pools of a worker as its configuration wants them, and the models of the handlers that run in its own process. */
export async function openPools(runtime: Runtime, { queues, concurrency, models, workload }: PoolsInit): Promise<{ readonly pools: WorkerPools; readonly watched: WatchedModels }> {
  const { config, router } = runtime;
  const options = modelOptions(config);
  const configured = queues.map((queue) => withConfiguredPool(queue, config));
  const isInProcess = configured.some((queue) => poolKindOf(queue) === 'async');
  const watched = await watchedModels(isInProcess ? models : [], options, runtime);
  const children = workload && childrenOf({ profile: profileOf(config), workload, models: options });
  const init = { router, queues: configured, pool: configuredPool(config), concurrency, processors: cpuLimit(), children };
  return { watched, pools: new WorkerPools(init, { ...runtime, models: watched.models }) };
}

function withConfiguredPool(queue: QueueSpec, { MILLRACE_POOL: pools = [] }: Config): QueueSpec {
  const kind = pools.find(([name]) => name === queue.name)?.[1] ?? pools.find(([name]) => name === '*')?.[1];
  return kind ? { ...queue, pool: { ...queue.pool, kind } } : queue;
}

const configuredPool = (config: Config): Partial<PoolSpec> => ({
  size: config.MILLRACE_CONCURRENCY,
  minSize: config.MILLRACE_POOL_MIN,
  maxTasksPerChild: config.MILLRACE_POOL_MAX_TASKS,
  maxMemoryPerChildMb: config.MILLRACE_POOL_MAX_MEMORY_MB,
});

const modelOptions = ({ MILLRACE_MODEL_DIR: folder, MILLRACE_MODEL_THREADS: threads, MILLRACE_MODEL_BATCH_WINDOW_MS: windowMs }: Config): OnnxModelsOptions => ({
  windowMs,
  ...(threads === undefined ? {} : { threads }),
  ...(folder === undefined ? {} : { folder }),
});
