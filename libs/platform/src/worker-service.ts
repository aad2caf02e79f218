import { type DynamicModule, type INestMicroservice, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { WorkloadModule } from '@millrace/app';
import type { ModelDefinition } from '@millrace/models';
import type { AnyTask, Router } from '@millrace/tasks';
import type { Config } from './config.js';
import { NestLog } from './nest-log.js';
import { PassThroughFilter } from './pass-through.filter.js';
import type { Runtime } from './runtime.js';
import { RuntimeModule } from './runtime.module.js';
import { runService, type Running } from './service.js';
import { servedQueues } from './served-queues.js';
import { BrokerStrategy } from './strategy.js';
import { WorkerHost } from './worker-host.js';

/** What one deployment of a worker does. */
export interface WorkerPlan {
  readonly router: Router;
  /** Tasks whose handlers need nothing of Nest; others are methods of the module's controllers. */
  readonly definitions: readonly AnyTask[];
  /** Loaded and warmed before the first message. */
  readonly models: readonly ModelDefinition[];
  /** Where the children of thread and prefork pools find the same definitions and models. */
  readonly workload?: WorkloadModule;
}

export interface WorkerService {
  readonly name: string;
  /** With controllers that handle tasks or messages; without one, all handlers are in the plan. */
  readonly module?: Type;
  /** The queues it serves unless MILLRACE_QUEUES says otherwise. */
  readonly queues: readonly string[];
  /** Handlers at work at once, unless MILLRACE_CONCURRENCY says otherwise. */
  readonly concurrency: number;
  plan(config: Config): WorkerPlan;
}

/** Runs a worker as a Nest microservice on the broker, until it is told to stop. */
export function runWorker(service: WorkerService): Promise<void> {
  let plan: WorkerPlan | undefined;
  const planOf = (config: Config): WorkerPlan => (plan ??= service.plan(config));
  return runService({
    name: service.name,
    router: (config) => planOf(config).router,
    start: (runtime) => start(service, planOf(runtime.config), runtime),
  });
}

async function start(service: WorkerService, plan: WorkerPlan, runtime: Runtime): Promise<Running> {
  const host = new WorkerHost(runtime, {
    queues: servedQueues(service.queues, runtime.config.MILLRACE_QUEUES),
    concurrency: runtime.config.MILLRACE_CONCURRENCY ?? service.concurrency,
    models: plan.models,
    definitions: plan.definitions,
    workload: plan.workload,
  });
  const app: INestMicroservice = await NestFactory.createMicroservice<MicroserviceOptions>(rootModule(service.module, runtime), {
    strategy: new BrokerStrategy(host, plan.definitions),
    logger: new NestLog(runtime.log),
    abortOnError: false,
  });
  app.useGlobalFilters(new PassThroughFilter());
  await app.listen();
  return { drain: () => app.close(), abort: () => host.abort(), control: host.control };
}

@Module({})
class WorkerRoot {}

const rootModule = (module: Type | undefined, runtime: Runtime): DynamicModule => ({ module: WorkerRoot, imports: [RuntimeModule.of(runtime), ...(module ? [module] : [])] });
