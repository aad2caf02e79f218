import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Sweeper } from '@millrace/engine';
import { createProduct } from '@millrace/pipeline';
import { RUNTIME, type Runtime } from '@millrace/platform';
import { DOMAINS, ProcessController } from './process.controller.js';

@Module({
  controllers: [ProcessController],
  providers: [
    { provide: DOMAINS, useFactory: ({ config }: Runtime) => createProduct(config.MILLRACE_DOMAINS).domains, inject: [RUNTIME] },
    { provide: Sweeper, useFactory: (runtime: Runtime) => new Sweeper(runtime.runs, runtime.followUp, runtime.hints, runtime), inject: [RUNTIME] },
  ],
})
export class AppModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly sweeper: Sweeper) {}

  onApplicationBootstrap(): void {
    this.sweeper.start();
  }

  onApplicationShutdown(): void {
    this.sweeper.stop();
  }
}
