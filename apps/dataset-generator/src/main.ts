import 'reflect-metadata';
import { createProduct } from '@millrace/pipeline';
import { runWorker } from '@millrace/platform';
import { AppModule } from './app.module.js';

await runWorker({
  name: 'dataset-generator',
  module: AppModule,
  queues: ['datasets'],
  concurrency: 8,
  plan: (config) => {
    const { domains, router } = createProduct(config.MILLRACE_DOMAINS);
    return { router, definitions: domains.map((domain) => domain.dataset), models: [] };
  },
});
