import { Module } from '@nestjs/common';
import { RunStarter, StepResults } from '@millrace/engine';
import { createProduct } from '@millrace/pipeline';
import { RUNTIME, type Runtime } from '@millrace/platform';
import { DeadCallbacks, EndpointAdmin, TenantEndpoints } from '@millrace/webhooks';
import { CallbackController } from './callback.controller.js';
import { CallbacksController } from './endpoints/callbacks.controller.js';
import { EndpointsController } from './endpoints/endpoints.controller.js';
import { endpointAdminOf, endpointsOf } from './endpoints/tenant-endpoints.js';
import { IngestionsController } from './ingestions.controller.js';
import { Beginnings } from './intake/begin.js';
import { OutcomeController } from './outcome.controller.js';
import { Outcomes } from './outcomes.js';
import { OpenStreams } from './open-streams.js';
import { ReferenceController } from './reference/reference.controller.js';
import { REPLAY, replaysOf } from './replay.js';

@Module({
  controllers: [IngestionsController, OutcomeController, CallbackController, EndpointsController, CallbacksController, ReferenceController],
  providers: [
    { provide: TenantEndpoints, inject: [RUNTIME], useFactory: endpointsOf },
    { provide: EndpointAdmin, inject: [RUNTIME], useFactory: endpointAdminOf },
    { provide: DeadCallbacks, inject: [RUNTIME], useFactory: ({ documents }: Runtime) => new DeadCallbacks(documents) },
    { provide: Beginnings, inject: [RUNTIME, TenantEndpoints], useFactory: beginningsOf },
    { provide: REPLAY, inject: [RUNTIME, TenantEndpoints, DeadCallbacks], useFactory: replaysOf },
    { provide: StepResults, inject: [RUNTIME], useFactory: ({ artifacts }: Runtime) => new StepResults(artifacts) },
    { provide: Outcomes, inject: [RUNTIME, StepResults], useFactory: (runtime: Runtime, results: StepResults) => new Outcomes(runtime, results) },
    { provide: OpenStreams, inject: [RUNTIME], useFactory: ({ clock }: Runtime) => new OpenStreams(clock) },
  ],
})
export class AppModule {}

function beginningsOf(runtime: Runtime, endpoints: TenantEndpoints): Beginnings {
  const { config, runs, blobs, hints } = runtime;
  const domainNames = createProduct(config.MILLRACE_DOMAINS).domains.map((domain) => domain.name);
  return new Beginnings(runtime, { starter: new RunStarter(runs, blobs, hints, runtime), endpoints, domainNames });
}
