import { Module } from '@nestjs/common';
import { RunStarter, StepResults } from '@millrace/engine';
import { createProduct } from '@millrace/pipeline';
import { RUNTIME, type Runtime } from '@millrace/platform';
import { IngestionsController } from './ingestions.controller.js';
import { DOMAIN_NAMES } from './tokens.js';

@Module({
  controllers: [IngestionsController],
  providers: [
    {
      provide: DOMAIN_NAMES,
      inject: [RUNTIME],
      useFactory: ({ config }: Runtime) => createProduct(config.MILLRACE_DOMAINS).domains.map((domain) => domain.name),
    },
    { provide: RunStarter, inject: [RUNTIME], useFactory: (runtime: Runtime) => new RunStarter(runtime.runs, runtime.blobs, runtime.hints, runtime) },
    { provide: StepResults, inject: [RUNTIME], useFactory: ({ artifacts }: Runtime) => new StepResults(artifacts) },
  ],
})
export class AppModule {}
