import { Module } from '@nestjs/common';
import { StepResults } from '@millrace/engine';
import { composeOutcome } from '@millrace/pipeline';
import { RUNTIME, type Runtime } from '@millrace/platform';
import { CallbackDelivery, createCallbackClient, Finaliser } from '@millrace/webhooks';
import { CallbackController } from './callback.controller.js';

const resultUrl = ({ config }: Runtime) => (run: string) =>
  `${config.MILLRACE_PUBLIC_URL ?? `http://${config.MILLRACE_HOST}:${config.MILLRACE_PORT}`}/v1/ingestions/${run}`;

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
          resultUrl: resultUrl(runtime),
        }),
    },
    {
      provide: CallbackDelivery,
      inject: [RUNTIME, Finaliser],
      useFactory: (runtime: Runtime, finaliser: Finaliser) =>
        new CallbackDelivery({
          ...runtime,
          finaliser,
          client: createCallbackClient({ clock: runtime.clock, allowPrivate: runtime.config.MILLRACE_CALLBACK_ALLOW_PRIVATE }),
          secrets: runtime.config.MILLRACE_CALLBACK_SECRETS ?? [],
        }),
    },
  ],
})
export class AppModule {}
