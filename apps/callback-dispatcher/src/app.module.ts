import { Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { StepResults } from '@millrace/engine';
import { composeOutcome } from '@millrace/pipeline';
import { RUNTIME, type Runtime } from '@millrace/platform';
import { CallbackDelivery, DeadCallbacks, Finaliser, loggedEvents, openCallbackClient, openEndpoints } from '@millrace/webhooks';
import { CallbackController } from './callback.controller.js';
import { resultUrl } from './result-url.js';

/** The injection token of what is known of endpoints. */
const ENDPOINTS = Symbol('endpoints');

@Module({
  controllers: [CallbackController],
  providers: [
    {
      provide: Finaliser,
      inject: [RUNTIME],
      useFactory: (runtime: Runtime) =>
        new Finaliser(runtime.runs, runtime.blobs, new StepResults(runtime.artifacts), {
          compose: composeOutcome,
          inlineBytes: runtime.config.MILLRACE_INLINE_RESULT_BYTES,
          resultUrl: resultUrl(runtime.config),
        }),
    },
    {
      provide: ENDPOINTS,
      inject: [RUNTIME],
      useFactory: (runtime: Runtime) =>
        openEndpoints({ keys: runtime.config.MILLRACE_KEYS, secrets: runtime.config.MILLRACE_CALLBACK_SECRETS ?? [] }, runtime),
    },
    {
      provide: CallbackDelivery,
      inject: [RUNTIME, Finaliser, ENDPOINTS],
      useFactory: async (runtime: Runtime, finaliser: Finaliser, { endpoints }: ReturnType<typeof openEndpoints>) =>
        new CallbackDelivery({
          ...runtime,
          finaliser,
          endpoints,
          client: await openCallbackClient({ clock: runtime.clock, allowPrivate: runtime.config.MILLRACE_CALLBACK_ALLOW_PRIVATE }),
          dead: new DeadCallbacks(runtime.documents),
          events: loggedEvents(runtime),
        }),
    },
  ],
})
export class AppModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(ENDPOINTS) private readonly shared: ReturnType<typeof openEndpoints>) {}

  onApplicationBootstrap(): Promise<void> {
    return this.shared.troubles.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.shared.troubles.stop();
  }
}
