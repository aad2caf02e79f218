import { Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Journal, Rebuilder, Sweeper } from '@millrace/engine';
import { every } from '@millrace/kernel';
import { createProduct } from '@millrace/pipeline';
import { RUNTIME, type Runtime } from '@millrace/platform';
import { DOMAINS, ProcessController } from './process.controller.js';

const aDay = 24 * 3_600_000;

@Module({
  controllers: [ProcessController],
  providers: [
    { provide: DOMAINS, useFactory: ({ config }: Runtime) => createProduct(config.MILLRACE_DOMAINS).domains, inject: [RUNTIME] },
    { provide: Rebuilder, useFactory: ({ runs, blobs, clock, log }: Runtime) => new Rebuilder(runs, new Journal(blobs), { clock, log }), inject: [RUNTIME] },
    { provide: Sweeper, useFactory: (runtime: Runtime) => new Sweeper(runtime.runs, runtime.followUp, runtime.hints, runtime), inject: [RUNTIME] },
  ],
})
export class AppModule implements OnApplicationBootstrap, OnApplicationShutdown {
  #stopRebuilding: (() => void) | undefined;

  constructor(
    private readonly sweeper: Sweeper,
    private readonly rebuilder: Rebuilder,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  onApplicationBootstrap(): void {
    this.sweeper.start();
    if (this.runtime.config.MILLRACE_PROFILE === 'redis') this.#rebuild();
  }

  onApplicationShutdown(): void {
    this.sweeper.stop();
    this.rebuilder.stop();
    this.#stopRebuilding?.();
  }

  /** Redis may have lost its last writes while nobody looked, so the journal is compared with it at start and daily. */
  #rebuild(): void {
    void this.rebuilder.ask();
    this.#stopRebuilding = every(this.runtime.clock, aDay, () => this.rebuilder.ask());
  }
}
