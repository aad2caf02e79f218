import { FlowProducer, type Job, Worker } from 'bullmq';
import type { Analyse, Callback, Dataset, Ingestion } from './jobs.js';
import { concurrency, connection, leaveNothing, report } from '../../bullmq-settings.js';

const analyses = [['bench-a', 'sum'], ['bench-a', 'mean'], ['bench-b', 'sum'], ['bench-b', 'largest'], ['bench-c', 'spread']] as const;

const flows = new FlowProducer({ connection });

new Worker('dist', collect, { connection, concurrency }).on('error', report);

async function collect(job: Job<Ingestion>): Promise<void> {
  const datasets = Object.values(await job.getChildrenValues<Dataset>());
  const totalsOf = new Map(datasets.map(({ name, totals }) => [name, totals]));
  const children = analyses.map(([name, measure]) => ({
    name: 'analyse',
    queueName: 'tasks',
    data: { name, measure, totals: totalsOf.get(name) ?? {} } satisfies Analyse,
    opts: leaveNothing,
  }));
  const reports = Object.fromEntries(datasets.map(({ name, report }) => [`${name}.dataset`, report]));
  await flows.add({ name: 'callback', queueName: 'orch', data: { ...job.data, reports } satisfies Callback, opts: leaveNothing, children });
}
