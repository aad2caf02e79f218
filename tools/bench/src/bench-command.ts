import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { messageOf } from '@millrace/kernel';
import { CallbackReceiver, dropKeys, interruption, newCallbackSecret, payloadOf, type Profile, repositoryRoot, requireRedis, runCommand, Stack, Terminal } from '@millrace/local-stack';
import { startRedis } from '@millrace/testkit';
import { Redis } from 'ioredis';
import { bench } from './bench.js';
import { type BenchOptions, benchOptions, usage } from './bench-options.js';
import { benchErrors } from './errors.js';
import { isClean, type Report, reportOf } from './report.js';
import { reportLines } from './report-lines.js';

const samples = { bench: 'tools/bench/payloads/twenty-rows.json', orders: 'samples/orders.csv' } as const;
const interruptedCode = 130;

await runCommand(async (args) => {
  const terminal = new Terminal();
  const options = benchOptions(args, process.env.INIT_CWD ?? process.cwd());
  if (!options) {
    terminal.line(usage);
    return 0;
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  const report = await withRedis(options, async (profile) => await runOnce(options, profile, dataDir, terminal));
  if (report === 'interrupted') return interruptedCode;
  for (const line of reportLines(report)) terminal.line(line);
  if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (isClean(report)) await rm(dataDir, { recursive: true });
  else terminal.line(`logs: ${join(dataDir, 'logs')}`);
  return isClean(report) ? 0 : 1;
});

/** Gives `use` the profile to run on: for Redis that of REDIS_URL, else one that lasts as long as `use`. */
async function withRedis<T>({ profile }: BenchOptions, use: (profile: Profile) => Promise<T>): Promise<T> {
  if (profile === 'aws') return await use({ name: 'aws' });
  const given = process.env.REDIS_URL;
  if (given) return await use({ name: 'redis', url: given });
  const own = await startRedis().catch(noRedis);
  try {
    return await use({ name: 'redis', url: own.url });
  } finally {
    await own.stop();
  }
}

function noRedis(cause: unknown): never {
  throw benchErrors.error('MILLRACE_BENCH_REDIS', messageOf(cause), { cause });
}

async function runOnce(options: BenchOptions, profile: Profile, dataDir: string, terminal: Terminal): Promise<Report | 'interrupted'> {
  const payload = await payloadOf(options.payload ?? resolve(repositoryRoot, samples[options.shape]));
  const callbackSecret = newCallbackSecret();
  const prefix = basename(dataDir).toLowerCase();
  let deaths = 0;
  const stack = new Stack({
    profile,
    dataDir,
    callbackSecret,
    env: { MILLRACE_PREFIX: prefix, MILLRACE_DOMAINS: options.shape, MILLRACE_RESULT_CACHE: 'false', MILLRACE_LOG_LEVEL: 'warn' },
    onEvent: (event) => (event.type === 'died' ? deaths++ : undefined),
  });
  const receiver = await CallbackReceiver.start(callbackSecret);
  const redis = profile.name === 'redis' ? await connected(profile.url) : undefined;
  const interrupted = interruption(() => void stack.stopNow()).then(() => 'interrupted' as const);
  const phase = (name: string) => (terminal.isTerminal ? terminal.status(name) : process.stderr.write(`${name}\n`));
  const run = async () => {
    phase('starting');
    await stack.start();
    const measured = await bench(options, { stack, receiver, payload, deaths: () => deaths, ...(redis && { redis }) }, phase);
    return reportOf(measured, { node: process.versions.node, cpus: availableParallelism() });
  };
  try {
    return await Promise.race([interrupted, run()]);
  } finally {
    terminal.status('');
    await stack.stop();
    await receiver.close();
    redis?.disconnect();
    if (profile.name === 'redis') await dropKeys(profile.url, prefix);
  }
}

async function connected(url: string): Promise<Redis> {
  await requireRedis(url);
  return new Redis(url);
}
