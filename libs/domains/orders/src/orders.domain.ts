import { defineDomain, type PayloadSample } from '@millrace/domain';
import { announcedColumns, formatOf } from '@millrace/frame';
import { anomaliesTask } from './anomalies/anomalies.task.js';
import { anomalyModel } from './anomalies/model.js';
import { datasetTask } from './dataset/dataset.task.js';
import { orderColumns } from './order-columns.js';
import { repurchaseModel } from './repurchase/model.js';
import { repurchaseTask } from './repurchase/repurchase.task.js';
import { returnModel } from './returns/model.js';
import { returnsTask } from './returns/returns.task.js';
import { revenueModel } from './revenue/model.js';
import { revenueTask } from './revenue/revenue.task.js';
import { clusterModel } from './segments/cluster-model.js';
import { segmentsTask } from './segments/segments.task.js';
import { summarise } from './summarise.js';

/** Shops' order lines, as CSV or NDJSON. */
export const ordersDomain = defineDomain({
  name: 'orders',
  cache: { version: '1', ttlMs: 86_400_000 },
  accepts: ({ contentType, head }: PayloadSample) => {
    const columns = announcedColumns(formatOf(contentType, head), head);
    return orderColumns.required.every((column) => columns.includes(column));
  },
  dataset: datasetTask,
  analyses: [segmentsTask, repurchaseTask, anomaliesTask, revenueTask, returnsTask],
  models: [clusterModel, repurchaseModel, anomalyModel, revenueModel, returnModel],
  summarise,
});
