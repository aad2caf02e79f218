import 'reflect-metadata';
import { createProduct } from '@millrace/pipeline';
import { runWorker } from '@millrace/platform';
import { AppModule } from './app.module.js';

await runWorker({
  name: 'analyst',
  module: AppModule,
  queues: ['analyses'],
  concurrency: 8,
  plan: (config) => {
    const { domains, router } = createProduct(config.MILLRACE_DOMAINS);
    return {
      router,
      definitions: domains.flatMap((domain) => domain.analyses),
      models: domains.flatMap((domain) => domain.models),
    };
  },
});
