import { defineDomain } from '@millrace/domain';
import { announcementOf } from './dataset/announcement.js';
import { datasetTask } from './dataset/dataset.task.js';
import { earlyModel, pageValueModel } from './purchase-intent/models.js';
import { purchaseIntentTask } from './purchase-intent/purchase-intent.task.js';
import { saleModel } from './sale/model.js';
import { saleTask } from './sale/sale.task.js';
import { segmentsTask } from './segments/segments.task.js';
import { summarise } from './summarise.js';

/** Web shops' sessions, as click events or summed up, as CSV or NDJSON. */
export const sessionsDomain = defineDomain({
  name: 'sessions',
  cache: { version: '1', ttlMs: 86_400_000 },
  accepts: ({ contentType, head }) => announcementOf(contentType, head) !== undefined,
  dataset: datasetTask,
  analyses: [purchaseIntentTask, segmentsTask, saleTask],
  models: [pageValueModel, earlyModel, saleModel],
  summarise,
});
