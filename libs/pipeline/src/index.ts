export { domainNamed, domainsNamed, filesOf, pipelineErrors, share, type Share, sharesOf } from './applicable.js';
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
  type Sent,
} from './ingestion.pipeline.js';
export { composeOutcome, ingestionStatus } from './outcome.js';
export { createProduct, type Product } from './product.js';
export { createRouter, queues, routes } from './queues.js';
export { summaryTaskFor } from './summary/summary.task.js';
export { taskViews } from './task-views.js';
