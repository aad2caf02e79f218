import { defineDomain, type PayloadSample } from '@millrace/domain';
import { announcedColumns, formatOf } from '@millrace/frame';
import { anomaliesTask } from './anomalies/anomalies.task.js';
import { anomalyModel } from './anomalies/model.js';
import { datasetTask } from './dataset/dataset.task.js';
import { orderColumns } from './order-columns.js';
import { segmentsTask } from './segments/segments.task.js';

/** Shops' order lines, as CSV or NDJSON. */
export const ordersDomain = defineDomain({
  name: 'orders',
  accepts: ({ contentType, head }: PayloadSample) => {
    const columns = announcedColumns(formatOf(contentType, head), head);
    return orderColumns.required.every((column) => columns.includes(column));
  },
  dataset: datasetTask,
  analyses: [segmentsTask, anomaliesTask],
  models: [anomalyModel],
});
