import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { FlowProducer, type Job, Worker } from 'bullmq';
import type { Callback, Dataset, Insight, MakeDataset, Orchestrate } from './jobs.js';
import { concurrency, connection, leaveNothing, report, setting } from '../../bullmq-settings.js';

const flows = new FlowProducer({ connection });
const agent = new Agent({ keepAlive: true });
const key = Buffer.from(setting('COMPARE_CALLBACK_SECRET').replace('whsec_', ''), 'base64');

new Worker('orch', async (job: Job) => (job.name === 'orchestrate' ? await orchestrate(job.data) : await callback(job)), { connection, concurrency }).on('error', report);

async function orchestrate({ id, url, payload }: Orchestrate): Promise<void> {
  const datasets = ['bench-a', 'bench-b', 'bench-c'].map((name) => ({ name: 'dataset', queueName: 'tasks', data: { name, payload } satisfies MakeDataset, opts: leaveNothing }));
  await flows.add({ name: 'collect', queueName: 'dist', data: { id, url }, opts: leaveNothing, children: datasets });
}

async function callback(job: Job<Callback>): Promise<void> {
  const { id, url, reports } = job.data;
  const values: Insight[] = Object.values(await job.getChildrenValues<Insight>());
  const insights = Object.fromEntries(values.map(({ name, insight }): [string, Insight['insight']] => [name, insight]));
  const datasets: Record<string, Dataset['report']> = reports;
  await post(url, JSON.stringify({ type: 'ingestion.completed', data: { ingestionId: id, status: 'completed', insights, datasets } }));
}

async function post(url: string, body: string): Promise<void> {
  const sending = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json', ...signature(body) } });
  sending.end(body);
  const [response]: [IncomingMessage] = await once(sending, 'response') as [IncomingMessage];
  response.resume();
  if (response.statusCode !== 204) throw new RangeError(`${url} answered ${response.statusCode}`);
}

/** The headers of a callback, by Standard Webhooks. */
function signature(body: string): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}
