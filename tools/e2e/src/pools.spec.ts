import '@millrace/testkit';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppOptions, type Profile } from '@millrace/app';
import { group } from '@millrace/canvas';
import { isAlive, poolTasks, PoolWorker, type WorkerInit } from '@millrace/pool-bench';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';

const profiles: Record<string, (prefix: string) => Promise<Profile>> = {
  redis: async (prefix) => ({ profile: 'redis', url: inject('redisUrl'), dataDir: await mkdtemp(join(tmpdir(), 'millrace-pools-')), prefix }),
  aws: async (prefix) => ({
    profile: 'aws', region: 'us-east-1', bucket: prefix, table: prefix, prefix,
    endpoints: { sqs: inject('sqsEndpoint'), dynamodb: inject('dynamodbEndpoint'), s3: inject('s3Endpoint') },
  }),
};

/** The most that may pass between the loss of a handler and its next beginning. */
const mostMs = 5_000;

let profile: Profile;
let app: App;
let workers: PoolWorker[] = [];
let tests = 0;

const prefork = [{ name: 'tasks', leaseMs: 4_000, maxDeliveries: 20, pool: { kind: 'prefork', size: 2 } as const }];

/** An app on a fresh prefix. */
async function open(kind: string, more: Pick<AppOptions, 'queues' | 'routes'> = { queues: prefork }): Promise<void> {
  profile = await profiles[kind]!(`pools-${process.pid}-${(tests += 1)}`);
  app = await App.open({ profile, ...more });
}

async function startWorker(more: Partial<WorkerInit> = {}): Promise<PoolWorker> {
  const worker = await PoolWorker.start({ profile, queues: prefork, ...more });
  workers.push(worker);
  return worker;
}

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  workers = [];
  await app.close();
});

describe.each(Object.keys(profiles))('a prefork pool on the %s profile', (kind) => {
  beforeEach(() => open(kind));

  it('under load loses nothing when a child is killed, and begins its task again soon', async () => {
    const worker = await startWorker();
    const run = await app.client.run(group(Array.from({ length: 12 }, (_, i) => poolTasks.slow.s(100 + i))));
    const victim = await worker.hears(({ word }) => word === 'begun');
    const heard = worker.said.length;
    process.kill(victim.pid, 'SIGKILL');
    const killedAt = Date.now();
    const again = await worker.hears(({ word, step }) => word === 'begun' && step === victim.step, heard);
    console.log(`${kind}: a killed child's task began again after ${again.at - killedAt} ms`);
    expect(again.at - killedAt).toBeLessThan(mostMs);
    expect(again.attempt).toBe(2);
    expect(await run.result({ timeoutMs: 60_000 })).toEqual(Array.from({ length: 12 }, (_, i) => 100 + i));
    const retried = (await run.status()).steps.filter(({ claims }) => claims > 1);
    expect(retried.map(({ step }) => step)).toEqual([victim.step]);
  });

  it('under load loses nothing when its worker is killed; its children go with it, also one that never yields', async () => {
    const worker = await startWorker();
    const heir = await startWorker();
    const children = worker.children;
    const run = await app.client.run(group([poolTasks.spinning.s(), ...Array.from({ length: 30 }, (_, i) => poolTasks.slow.s(100 + i))]));
    const victim = await worker.hears(({ word }) => word === 'begun');
    const heard = heir.said.length;
    await worker.kill();
    const killedAt = Date.now();
    const again = await heir.hears(({ word, step }) => word === 'begun' && step === victim.step, heard);
    console.log(`${kind}: a killed worker's task began again after ${again.at - killedAt} ms`);
    expect(again.at - killedAt).toBeLessThan(2 * mostMs);
    expect(await run.result({ timeoutMs: 60_000 })).toEqual(['survived', ...Array.from({ length: 30 }, (_, i) => 100 + i)]);
    await vi.waitUntil(() => !children.some(isAlive), { timeout: 5_000 });
  });
});

describe('a prefork pool', () => {
  beforeEach(() => open('redis'));

  it.each(['spinning', 'hashing'] as const)('kills a handler that goes on after its hard limit: %s; its sibling does not notice', async (name) => {
    const worker = await startWorker();
    const run = await app.client.run(group([poolTasks[name].s(), poolTasks.slow.s(1_500)]));
    expect(await run.result({ timeoutMs: 30_000 })).toEqual(['survived', 1_500]);
    const { steps } = await run.status();
    expect(steps.map(({ claims, failures }) => ({ claims, failures }))).toEqual([{ claims: 2, failures: 1 }, { claims: 1, failures: 0 }]);
    expect(new Set(worker.said.filter(({ word, attempt }) => word === 'begun' && attempt > 0).map(({ pid }) => pid)).size).toBeGreaterThanOrEqual(2);
  });

  it.each(['SIGSEGV', 'abort', 'exit'] as const)('counts a child that ends by %s as one failed try', async (how) => {
    await startWorker();
    const run = await app.client.run(group([poolTasks.crashing.s(how), poolTasks.slow.s(800)]));
    expect(await run.result({ timeoutMs: 30_000 })).toEqual(['survived', 800]);
    const { steps } = await run.status();
    expect(steps.map(({ claims, failures }) => ({ claims, failures }))).toEqual([{ claims: 2, failures: 1 }, { claims: 1, failures: 0 }]);
  });

  it('replaces a child that has run its tries or holds too much, without a gap', async () => {
    const worker = await startWorker({ pool: { kind: 'prefork', size: 1, maxTasksPerChild: 5, maxMemoryPerChildMb: 1_000 } });
    await (await app.client.run(group(Array.from({ length: 40 }, () => poolTasks.slow.s(20))))).result({ timeoutMs: 60_000 });
    const tries = Map.groupBy(worker.said.filter(({ word }) => word === 'begun'), ({ pid }) => pid);
    expect(tries.size).toBeGreaterThan(1);
  });
});

describe.each(Object.keys(profiles))('a worker of two queues on the %s profile', (kind) => {
  it('lets no queue full of long tasks delay the other one', async () => {
    const queues = ['long', 'short'].map((name) => ({ name, leaseMs: 4_000, maxDeliveries: 20 }));
    const routes = [{ task: 'long.*', queue: 'long' }, { task: '**', queue: 'short' }];
    await open(kind, { queues, routes });
    const worker = await startWorker({ queues, routes, concurrency: 4 });
    const long = await app.client.run(group(Array.from({ length: 12 }, () => poolTasks.long.s(6_000))));
    await worker.hears(() => worker.said.filter(({ word }) => word === 'begun').length >= 2);
    const askedAt = Date.now();
    expect(await (await app.client.run(poolTasks.nothing.s(7))).result({ timeoutMs: 20_000 })).toBe(7);
    console.log(`${kind}: a task behind 12 tasks of 6 s on another queue was done after ${Date.now() - askedAt} ms`);
    expect((await long.status()).steps.every(({ status }) => status !== 'succeeded')).toBe(true);
  });
});
