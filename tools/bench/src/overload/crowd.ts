import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { openAdapters } from '@millrace/app';
import { systemClock, systemRandom } from '@millrace/kernel';
import { CallbackReceiver, dropKeys, newCallbackSecret, payloadOf, repositoryRoot, Stack } from '@millrace/local-stack';
import { Metrics, silentLog } from '@millrace/telemetry';
import { KeyRing, TenantDirectory } from '@millrace/tenants';
import { startRedis } from '@millrace/testkit';
import { Ingester } from '../ingester.js';
import { cpuMsOf } from '../proc.js';

/** Tenants with API keys, and the product on Redis that they share. */
export interface Crowd {
  readonly noisy: Ingester;
  readonly quiet: Ingester;
  /** May send one ingestion a minute. */
  readonly limited: Ingester;
  /** CPU milliseconds that the ingestion API has used so far. */
  apiCpuMs(): Promise<number>;
}

const pepper = 'only for as long as this load lasts';

/** Starts the product in the shape for load tests, and stops it when `use` has ended. */
export async function withCrowd<T>(use: (crowd: Crowd) => Promise<T>): Promise<T> {
  const redis = await startRedis();
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-overload-'));
  const prefix = basename(dataDir).toLowerCase();
  const callbackSecret = newCallbackSecret();
  const env = { MILLRACE_PREFIX: prefix, MILLRACE_DOMAINS: 'bench', MILLRACE_LOG_LEVEL: 'warn', MILLRACE_AUTH: 'required', MILLRACE_API_KEY_PEPPER: pepper };
  const stack = new Stack({ profile: { name: 'redis', url: redis.url }, dataDir, callbackSecret, env });
  const receiver = await CallbackReceiver.start(callbackSecret);
  try {
    const keys = await issueKeys({ url: redis.url, dataDir, prefix });
    await stack.start();
    const payload = await payloadOf(resolve(repositoryRoot, 'tools/bench/payloads/twenty-rows.json'));
    const body = await readFile(payload.file);
    const ingester = (apiKey: string) => new Ingester(stack.apiUrl, receiver, { ...payload, body, apiKey });
    const apiCpuMs = async () => (await cpuMsOf(stack.pids().get('ingestion-api') ?? 0)) ?? NaN;
    return await use({ noisy: ingester(keys.noisy), quiet: ingester(keys.quiet), limited: ingester(keys.limited), apiCpuMs });
  } finally {
    await stack.stop();
    await receiver.close();
    await dropKeys(redis.url, prefix);
    await redis.stop();
    await rm(dataDir, { recursive: true });
  }
}

async function issueKeys({ url, dataDir, prefix }: { url: string; dataDir: string; prefix: string }): Promise<Readonly<Record<'noisy' | 'quiet' | 'limited', string>>> {
  const adapters = await openAdapters({ profile: 'redis', url, dataDir, prefix }, { metrics: new Metrics('overload'), log: silentLog, random: systemRandom, clock: systemClock });
  const ring = new KeyRing(adapters.documents, pepper, { clock: systemClock, random: systemRandom });
  const issue = async (tenant: string) => (await ring.issue({ tenant, scopes: ['ingest'] })).token;
  const keys = { noisy: await issue('noisy'), quiet: await issue('quiet'), limited: await issue('limited') };
  await new TenantDirectory(adapters.documents, {}, systemClock).change('limited', { perMinute: 1, burst: 1 });
  await adapters.close();
  return keys;
}
