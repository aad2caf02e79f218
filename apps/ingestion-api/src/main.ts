import 'reflect-metadata';
import { createProduct } from '@millrace/pipeline';
import { runService } from '@millrace/platform';
import { serve } from './serve.js';

await runService({ name: 'ingestion-api', router: (config) => createProduct(config.MILLRACE_DOMAINS).router, start: serve });
