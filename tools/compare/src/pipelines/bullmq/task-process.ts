import { type Job, Worker } from 'bullmq';
import type { Analyse, Dataset, Insight, MakeDataset } from './jobs.js';
import { concurrency, connection, report } from '../../bullmq-settings.js';

const measures: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  mean: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  largest: (values) => Math.max(...values),
  spread: (values) => Math.max(...values) - Math.min(...values),
};

new Worker('tasks', async (job: Job) => (job.name === 'dataset' ? makeDataset(job.data) : analyse(job.data)), { connection, concurrency }).on('error', report);

function makeDataset({ name, payload }: MakeDataset): Dataset {
  const totals: Record<string, number> = {};
  for (const { category, value } of payload.rows) totals[category] = (totals[category] ?? 0) + value;
  return { name, totals, report: { rows: payload.rows.length, categories: Object.keys(totals).length } };
}

function analyse({ name, measure, totals }: Analyse): Insight {
  const compute = measures[measure];
  if (!compute) throw new RangeError(`no measure ${measure}`);
  return { name: `${name}.${measure}`, insight: { [measure]: compute(Object.values(totals)) } };
}
