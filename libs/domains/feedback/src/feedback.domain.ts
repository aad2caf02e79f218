import { defineDomain, type PayloadSample } from '@millrace/domain';
import { announcedColumns, formatOf } from '@millrace/frame';
import { datasetTask } from './dataset/dataset.task.js';
import { departmentTask } from './department/department.task.js';
import { intentTask } from './intent/intent.task.js';
import { kindOf } from './message-columns.js';
import { departmentModel, intentModel, recommendationModel, sentimentModel, spamModel } from './models/models.js';
import { phrasesTask } from './phrases/phrases.task.js';
import { recommendationTask } from './recommendation/recommendation.task.js';
import { sentimentTask } from './sentiment/sentiment.task.js';
import { spamTask } from './spam/spam.task.js';
import { summarise } from './summarise.js';

/** Customers' messages and reviews, as CSV or NDJSON. */
export const feedbackDomain = defineDomain({
  name: 'feedback',
  cache: { version: '1', ttlMs: 86_400_000 },
  accepts: ({ contentType, head }: PayloadSample) => kindOf(announcedColumns(formatOf(contentType, head), head)) !== undefined,
  dataset: datasetTask,
  analyses: [spamTask, sentimentTask, recommendationTask, departmentTask, intentTask, phrasesTask],
  models: [spamModel, sentimentModel, recommendationModel, departmentModel, intentModel].map(({ definition }) => definition),
  summarise,
});
