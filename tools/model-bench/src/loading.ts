import { fileURLToPath } from 'node:url';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { bench, type BenchOptions, type Report, reportOf } from '@millrace/bench';
import { CallbackReceiver, newCallbackSecret, payloadOf, repositoryRoot, serviceEntry, Stack } from '@millrace/local-stack';

const perTask = fileURLToPath(new URL('analyst-loading-per-task.js', import.meta.url));

export const ingestions = 200;
const perSecond = 5;
const options: BenchOptions = {
  profile: 'redis',
  shape: 'orders',
  load: { loop: 'open', rate: perSecond, arrivals: 'uniform' },
  duration: ingestions / perSecond,
  warmup: 2,
  idle: 0,
};

export type Loading = 'at start' | 'per task';

/** Sends the sample of order lines in, 5 a second, to a stack whose analyst loads its models in that way. */
export async function measureLoading(loading: Loading, redisUrl: string): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-models-'));
  const callbackSecret = newCallbackSecret();
  const stack = new Stack({
    profile: { name: 'redis', url: redisUrl },
    dataDir,
    callbackSecret,
    env: { MILLRACE_PREFIX: basename(dataDir).toLowerCase(), MILLRACE_DOMAINS: 'orders', MILLRACE_RESULT_CACHE: 'false', MILLRACE_LOG_LEVEL: 'warn' },
    entryOf: (service) => (service === 'analyst' && loading === 'per task' ? perTask : serviceEntry(service)),
  });
  const receiver = await CallbackReceiver.start(callbackSecret);
  const payload = await payloadOf(resolve(repositoryRoot, 'samples/orders.csv'));
  try {
    await stack.start();
    const measured = await bench(options, { stack, receiver, payload, deaths: () => 0 }, (phase) => process.stderr.write(`models loaded ${loading}: ${phase}\n`));
    return reportOf(measured, { node: process.versions.node, cpus: availableParallelism() });
  } finally {
    await stack.stop();
    await receiver.close();
    await rm(dataDir, { recursive: true });
  }
}
