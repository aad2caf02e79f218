import type { Report } from '@millrace/bench';
import { catalog } from '@millrace/catalog';
import { runCommand, tableLines, Terminal } from '@millrace/local-stack';
import { type ModelDefinition, modelReference } from '@millrace/models';
import { startRedis } from '@millrace/testkit';
import { measureBatching } from './batching.js';
import { ingestions, measureLoading } from './loading.js';

const right = (title: string) => ({ title, align: 'right' }) as const;
const concurrencies = [1, 8, 32];
const rounds = 3;

await runCommand(async () => {
  const terminal = new Terminal();
  const redis = await startRedis();
  try {
    for (const line of await loadingLines(redis.url)) terminal.line(line);
    terminal.line('');
    for (const line of await batchingLines(redis.url)) terminal.line(line);
  } finally {
    await redis.stop();
  }
  return 0;
});

async function loadingLines(redisUrl: string): Promise<string[]> {
  const atStart = await measureLoading('at start', redisUrl);
  const perTask = await measureLoading('per task', redisUrl);
  const tasks = catalog.find(({ name }) => name === 'orders')?.analyses.length ?? 1;
  const row = (loaded: string, report: Report) => [
    loaded,
    (analystMs(report) / tasks).toFixed(2),
    ...[report.latencyMs?.p50, report.latencyMs?.p99].map((ms) => ms?.toFixed(1) ?? '–'),
    String(report.counts.completed ?? 0),
  ];
  return [
    `${ingestions} ingestions of the sample of order lines, 5 a second, ${tasks} analyses each`,
    ...tableLines([{ title: 'models are loaded' }, ...['analyst CPU ms/task', 'p50 ms', 'p99 ms', 'completed'].map(right)], [row('at start', atStart), row('per task', perTask)]),
    `difference: ${((analystMs(perTask) - analystMs(atStart)) / tasks).toFixed(2)} ms of CPU per task`,
  ];
}

function medianOf(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
}

function analystMs(report: Report): number {
  return report.processes.find((usage) => usage.process === 'analyst')?.cpuMsPerIngestion ?? NaN;
}

async function batchingLines(redisUrl: string): Promise<string[]> {
  const models = ['orders.anomalies', 'orders.repurchase', 'feedback.sentiment'].flatMap((name) => catalog.flatMap((domain) => domain.models.filter((model) => model.name === name)));
  const rows: string[][] = [];
  for (const model of models) for (const concurrency of concurrencies) rows.push(await batchingRow(model, concurrency, redisUrl));
  return ['rows a second of one worker process whose tasks score one row at a time', ...tableLines([{ title: 'model' }, ...['tasks at once', 'one by one', 'batched', 'ratio'].map(right)], rows)];
}

async function batchingRow(model: ModelDefinition, concurrency: number, redisUrl: string): Promise<string[]> {
  process.stderr.write(`${modelReference(model)}, ${concurrency} at once\n`);
  const measured = { alone: [] as number[], batched: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    measured.alone.push(await measureBatching({ model, concurrency, isBatched: false, redisUrl }));
    measured.batched.push(await measureBatching({ model, concurrency, isBatched: true, redisUrl }));
  }
  const [alone, batched] = [medianOf(measured.alone), medianOf(measured.batched)];
  return [modelReference(model), String(concurrency), alone.toFixed(0), batched.toFixed(0), (batched / alone).toFixed(2)];
}
