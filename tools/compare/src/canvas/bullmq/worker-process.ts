import { type Job, Queue, Worker } from 'bullmq';
import { concurrency, connection, leaveNothing, report } from '../../bullmq-settings.js';
import { chainLength, endsQueue, type Step, stepsQueue } from './steps.js';

const options = { connection, defaultJobOptions: leaveNothing };
const steps = new Queue<Step>(stepsQueue, options);
const ends = new Queue<Step>(endsQueue, options);

new Worker(stepsQueue, async (job: Job) => (job.name === 'member' ? job.data : await stepOn(job.data)), { connection, concurrency }).on('error', report);
new Worker(endsQueue, async (job: Job) => (job.name === 'body' ? await count(job) : job.data.value + 1), { connection, concurrency }).on('error', report);

async function stepOn({ run, value }: Step): Promise<number> {
  const next = value + 1;
  if (next === chainLength - 1) await ends.add('step', { run, value: next }, { jobId: run });
  else await steps.add('step', { run, value: next });
  return next;
}

const count = async (body: Job): Promise<number> => Object.keys(await body.getChildrenValues()).length;
