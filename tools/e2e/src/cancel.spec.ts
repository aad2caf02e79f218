import '@millrace/testkit';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { App, type Profile } from '@millrace/app';
import { chain, immutable } from '@millrace/canvas';
import { repositoryRoot } from '@millrace/local-stack';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';

const prefix = `cancel-${process.pid}`;
const profiles: Record<string, () => Promise<Profile>> = {
  redis: async () => ({ profile: 'redis', url: inject('redisUrl'), dataDir: await mkdtemp(join(tmpdir(), 'millrace-cancel-')), prefix }),
  aws: async () => ({
    profile: 'aws', region: 'us-east-1', bucket: prefix, table: prefix, prefix,
    endpoints: { sqs: inject('sqsEndpoint'), dynamodb: inject('dynamodbEndpoint'), s3: inject('s3Endpoint') },
  }),
};

describe.each(Object.keys(profiles))('cancelling on the %s profile', (kind) => {
  let profile: Profile;
  let client: App;
  let said: string[];
  let worker: ChildProcess;

  /** A worker as a process of its own; resolves when it takes messages. */
  const startWorker = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [join(repositoryRoot, 'tools/e2e/dist/canvas-worker.js'), JSON.stringify(profile)], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout?.on('data', (chunk: Buffer) => said.push(...chunk.toString().trim().split('\n')));
    const readyBefore = said.filter((line) => line === 'ready').length;
    await vi.waitUntil(() => said.filter((line) => line === 'ready').length > readyBefore, { timeout: 20_000 });
    return child;
  };

  beforeEach(async () => {
    said = [];
    profile = await profiles[kind]!();
    client = await App.open({ profile });
    worker = await startWorker();
  });

  afterEach(async () => {
    worker.kill('SIGKILL');
    await client.close();
  });

  it('a run while its worker restarts: it stays cancelled, and nothing more of it begins', async () => {
    const run = await client.client.run(chain(immutable('slow.step', 400), immutable('slow.step', 400), immutable('slow.step', 400)));
    await vi.waitUntil(() => said.includes('begun 0'), { timeout: 10_000 });
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    expect(await run.cancel('no longer wanted')).toBe(true);
    worker = await startWorker();
    await delay(6_000); // the lease of the killed worker's message runs out, and the sweeper has looked
    expect(said.filter((line) => line.startsWith('begun'))).toEqual(['begun 0']);
    expect(await run.status()).toMatchObject({ status: 'cancelled', reason: 'no longer wanted', steps: [{ claims: 1 }, { claims: 0 }, { claims: 0 }] });
    await expect(run.result()).rejects.toMatchObject({ code: 'MILLRACE_RUN_CANCELLED' });
  });

  it('a run that is at work: its handler is told, and can undo what it began', async () => {
    const run = await client.client.run(immutable('slow.step', 20_000));
    await vi.waitUntil(() => said.includes('begun 0'), { timeout: 10_000 });
    await run.cancel();
    await vi.waitUntil(() => said.includes('revoked 0'), { timeout: 10_000 });
    expect(said).not.toContain('ended 0');
  });
});
