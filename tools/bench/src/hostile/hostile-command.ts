import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { dropKeys, newCallbackSecret, runCommand, Stack, tableLines, Terminal } from '@millrace/local-stack';
import { startRedis } from '@millrace/testkit';
import { uniformArrivals } from '../arrivals.js';
import type { Answers } from './attack.js';
import type { AttackOrder } from './attack-thread.js';

/** Ingestions a second of the healthy client; hostile requests a second; connections that drip. */
const healthyRate = 20;
const hostileRate = 22;
const dripping = 50;
const csv = `InvoiceNo,StockCode\n${'1,a\n'.repeat(20)}`;
const right = (title: string) => ({ title, align: 'right' }) as const;

await runCommand(async (args) => {
  const { values } = parseArgs({ args: args.filter((arg) => arg !== 'hostile'), options: { seconds: { type: 'string', default: '45' } } });
  const [terminal, seconds, redis, dataDir] = [new Terminal(), Number(values.seconds), await startRedis(), await mkdtemp(join(tmpdir(), 'millrace-hostile-'))];
  const prefix = basename(dataDir).toLowerCase();
  const env = { MILLRACE_PREFIX: prefix, MILLRACE_DOMAINS: 'bench', MILLRACE_LOG_LEVEL: 'error' };
  const stack = new Stack({ profile: { name: 'redis', url: redis.url }, dataDir, callbackSecret: newCallbackSecret(), env });
  try {
    await stack.start();
    await healthy(stack.apiUrl, 3); // warm
    const alone = await healthy(stack.apiUrl, seconds);
    const order: AttackOrder = { port: Number(new URL(stack.apiUrl).port), perSecond: hostileRate, dripping };
    const attack = new Worker(new URL('./attack-thread.js', import.meta.url), { workerData: order });
    const beside = await healthy(stack.apiUrl, seconds);
    attack.postMessage('stop', []);
    const [answers] = (await once(attack, 'message')) as [Answers];
    for (const line of [...latencyLines(alone, beside), '', ...answerLines(answers)]) terminal.line(line);
  } finally {
    await stack.stop();
    await dropKeys(redis.url, prefix);
    await redis.stop();
    await rm(dataDir, { recursive: true });
  }
  return 0;
});

interface Healthy {
  readonly ms: readonly number[];
  readonly refused: number;
}

/** A client that POSTs at an even rate, and how long it waited for each 202. */
async function healthy(apiUrl: string, seconds: number): Promise<Healthy> {
  const began = performance.now();
  const ms: number[] = [];
  let refused = 0;
  const posts = uniformArrivals(healthyRate, seconds).map(async (at) => {
    await delay(Math.max(0, at - (performance.now() - began)));
    const sent = performance.now();
    const response = await fetch(`${apiUrl}/v1/ingestions`, { method: 'POST', body: csv, headers: { 'content-type': 'text/csv' } });
    await response.arrayBuffer();
    if (response.status === 202) ms.push(performance.now() - sent);
    else refused++;
  });
  await Promise.all(posts);
  return { ms: ms.toSorted((a, b) => a - b), refused };
}

function latencyLines(alone: Healthy, beside: Healthy): string[] {
  const row = (title: string, { ms, refused }: Healthy) => [title, ...[0.5, 0.95, 0.99, 1].map((part) => at(ms, part).toFixed(1)), String(refused)];
  const table = tableLines([{ title: `202 to a healthy client, ${healthyRate}/s, ms` }, ...['p50', 'p95', 'p99', 'max', 'refused'].map(right)], [
    row('alone', alone),
    row(`beside ${hostileRate} hostile requests a second and ${dripping} that drip`, beside),
  ]);
  return [...table, `p95: ${(at(beside.ms, 0.95) / at(alone.ms, 0.95)).toFixed(2)} times as long`];
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
}

function answerLines(answers: Answers): string[] {
  return tableLines([{ title: 'hostile request' }, right('answer'), right('times')], [...answers].toSorted().map(([key, times]) => [...key.split('\t'), String(times)]));
}
