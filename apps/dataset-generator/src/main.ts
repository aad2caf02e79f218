import 'reflect-metadata';
import { createProduct } from '@millrace/pipeline';
import { runWorker } from '@millrace/platform';
import { workload } from './workload.js';

await runWorker({
  name: 'dataset-generator',
  queues: ['datasets'],
  concurrency: 8,
  plan: (config) => {
    const { tasks } = workload(config.MILLRACE_DOMAINS);
    return {
      router: createProduct(config.MILLRACE_DOMAINS).router,
      definitions: tasks,
      models: [],
      workload: { module: new URL('./workload.js', import.meta.url), input: config.MILLRACE_DOMAINS },
    };
  },
});
