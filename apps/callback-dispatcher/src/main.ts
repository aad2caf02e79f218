import 'reflect-metadata';
import { createProduct } from '@millrace/pipeline';
import { runWorker } from '@millrace/platform';
import { AppModule } from './app.module.js';

await runWorker({
  name: 'callback-dispatcher',
  module: AppModule,
  queues: ['callbacks'],
  concurrency: 256,
  plan: (config) => ({ router: createProduct(config.MILLRACE_DOMAINS).router, definitions: [], models: [] }),
});
