import { Module } from '@nestjs/common';
import { RunStarter, StepResults } from '@millrace/engine';
import { createProduct } from '@millrace/pipeline';
import { RUNTIME, type Runtime } from '@millrace/platform';
import { CallbackController } from './callback.controller.js';
import { IngestionsController } from './ingestions.controller.js';
import { Beginnings } from './intake/begin.js';
import { OutcomeController } from './outcome.controller.js';
import { Outcomes } from './outcomes.js';
import { OpenStreams } from './open-streams.js';
import { ReferenceController } from './reference/reference.controller.js';
import { REPLAY, replaysOf } from './replay.js';

@Module({
  controllers: [IngestionsController, OutcomeController, CallbackController, ReferenceController],
  providers: [
    { provide: Beginnings, inject: [RUNTIME], useFactory: beginningsOf },
    { provide: REPLAY, inject: [RUNTIME], useFactory: replaysOf },
    { provide: StepResults, inject: [RUNTIME], useFactory: ({ artifacts }: Runtime) => new StepResults(artifacts) },
    { provide: Outcomes, inject: [RUNTIME, StepResults], useFactory: (runtime: Runtime, results: StepResults) => new Outcomes(runtime, results) },
    { provide: OpenStreams, inject: [RUNTIME], useFactory: ({ clock }: Runtime) => new OpenStreams(clock) },
  ],
})
export class AppModule {}

function beginningsOf(runtime: Runtime): Beginnings {
  const { config, runs, blobs, hints } = runtime;
  const domains = createProduct(config.MILLRACE_DOMAINS).domains.map((domain) => domain.name);
  return new Beginnings(runtime, new RunStarter(runs, blobs, hints, runtime), domains);
}
