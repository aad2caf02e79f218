export { domainsFor, domainsNamed, pipelineErrors, sampleBytes, sampleOf } from './applicable.js';
export { budgetReport } from './budget-report.js';
export {
  analyticsCanvas,
  datasetsCanvas,
  distributeAnalyticsTask,
  distributeDatasetsTask,
  ingestionCanvas,
  initiateTask,
  orchestrationTasks,
  processCanvas,
} from './ingestion.pipeline.js';
export { composeOutcome, ingestionStatus } from './outcome.js';
export { createProduct, type Product } from './product.js';
export { createRouter, queues, routes } from './queues.js';
export { taskViews } from './task-views.js';
