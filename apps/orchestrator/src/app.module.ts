import { Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from '@millrace/client';
import { Scheduler, Schedules } from '@millrace/control';
import { Journal, Rebuilder, StepResults, Sweeper } from '@millrace/engine';
import { every } from '@millrace/kernel';
import { createProduct } from '@millrace/pipeline';
import { RUNTIME, type Runtime } from '@millrace/platform';
import { DOMAINS, ProcessController } from './process.controller.js';
import { schedules } from './schedules.js';

const aDay = 24 * 3_600_000;

/** Any orchestrator may begin a tick's run; one does. */
function schedulerOf(runtime: Runtime): Scheduler {
  const client = new Client({ ...runtime, results: new StepResults(runtime.artifacts) });
  return new Scheduler(new Schedules(runtime.documents, schedules), { ...runtime, client });
}

@Module({
  controllers: [ProcessController],
  providers: [
    { provide: DOMAINS, useFactory: ({ config }: Runtime) => createProduct(config.MILLRACE_DOMAINS).domains, inject: [RUNTIME] },
    { provide: Rebuilder, useFactory: ({ runs, blobs, clock, log }: Runtime) => new Rebuilder(runs, new Journal(blobs), { clock, log }), inject: [RUNTIME] },
    { provide: Scheduler, useFactory: schedulerOf, inject: [RUNTIME] },
    { provide: Sweeper, useFactory: (runtime: Runtime) => new Sweeper(runtime.runs, runtime.followUp, runtime.hints, runtime), inject: [RUNTIME] },
  ],
})
export class AppModule implements OnApplicationBootstrap, OnApplicationShutdown {
  #stopRebuilding: (() => void) | undefined;

  constructor(
    private readonly sweeper: Sweeper,
    private readonly rebuilder: Rebuilder,
    private readonly scheduler: Scheduler,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.sweeper.start();
    await this.scheduler.start();
    if (this.runtime.config.MILLRACE_PROFILE === 'redis') this.#rebuild();
  }

  async onApplicationShutdown(): Promise<void> {
    this.sweeper.stop();
    await this.scheduler.stop();
    this.rebuilder.stop();
    this.#stopRebuilding?.();
  }

  /** Redis may have lost its last writes while nobody looked, so the journal is compared with it at start and daily. */
  #rebuild(): void {
    void this.rebuilder.ask();
    this.#stopRebuilding = every(this.runtime.clock, aDay, () => this.rebuilder.ask());
  }
}
