import '@millrace/testkit';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { App, type Profile } from '@millrace/app';
import { group, immutable } from '@millrace/canvas';
import { repositoryRoot } from '@millrace/local-stack';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';

const prefix = `cli-${process.pid}`;

interface Deployment {
  readonly profile: Profile;
  /** What the services of such a deployment are configured with. */
  readonly env: Readonly<Record<string, string>>;
}

const deployments: Record<string, () => Promise<Deployment>> = {
  redis: async () => {
    const [url, dataDir] = [inject('redisUrl'), await mkdtemp(join(tmpdir(), 'millrace-cli-'))];
    return { profile: { profile: 'redis', url, dataDir, prefix }, env: { MILLRACE_PROFILE: 'redis', REDIS_URL: url, MILLRACE_DATA_DIR: dataDir } };
  },
  aws: async () => {
    const endpoints = { sqs: inject('sqsEndpoint'), dynamodb: inject('dynamodbEndpoint'), s3: inject('s3Endpoint') };
    const env = {
      MILLRACE_PROFILE: 'aws', AWS_REGION: 'us-east-1', MILLRACE_S3_BUCKET: prefix, MILLRACE_DYNAMODB_TABLE: prefix,
      MILLRACE_SQS_ENDPOINT: endpoints.sqs, MILLRACE_DYNAMODB_ENDPOINT: endpoints.dynamodb, MILLRACE_S3_ENDPOINT: endpoints.s3,
    };
    return { profile: { profile: 'aws', region: 'us-east-1', bucket: prefix, table: prefix, prefix, endpoints }, env };
  },
};

interface Answered<T> {
  readonly answers: ReadonlyArray<{ readonly worker: string; readonly answer: T }>;
  readonly missing: readonly string[];
}

describe.each(Object.keys(deployments))('the command line on the %s profile', (kind) => {
  let deployment: Deployment;
  let app: App;
  const workers: ChildProcess[] = [];
  const said: string[] = [];

  /** A worker as a process of its own; resolves when it takes messages. */
  const startWorker = async (): Promise<void> => {
    const child = spawn(process.execPath, [join(repositoryRoot, 'tools/e2e/dist/canvas-worker.js'), JSON.stringify(deployment.profile)], { stdio: ['ignore', 'pipe', 'inherit'] });
    workers.push(child);
    const readyBefore = said.filter((line) => line === 'ready').length;
    child.stdout?.on('data', (chunk: Buffer) => said.push(...chunk.toString().trim().split('\n')));
    await vi.waitUntil(() => said.filter((line) => line === 'ready').length > readyBefore, { timeout: 20_000 });
  };

  const command = (args: readonly string[]) => [process.execPath, [join(repositoryRoot, 'apps/cli/bin/millrace.js'), ...args], { env: { ...process.env, ...deployment.env, MILLRACE_PREFIX: prefix } }] as const;
  const millrace = async <T>(...args: string[]): Promise<T> => JSON.parse((await promisify(execFile)(...command([...args, '--json']))).stdout) as T;
  const workerIds = async (): Promise<readonly string[]> => (await millrace<ReadonlyArray<{ readonly id: string }>>('workers')).map(({ id }) => id);

  beforeAll(async () => {
    deployment = await deployments[kind]!();
    app = await App.open({ profile: deployment.profile });
    await Promise.all([startWorker(), startWorker()]);
  });

  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGKILL');
    await app.close();
  });

  it('ping is answered by every worker that is up', async () => {
    const { answers, missing } = await millrace<Answered<object>>('ping');
    expect(answers.map(({ worker }) => worker)).toEqual(await workerIds());
    expect([answers.length, missing]).toEqual([2, []]);
  });

  it('inspect shows what is at work, queues who serves them', async () => {
    const run = await app.client.run(immutable('slow.step', 60_000));
    await vi.waitUntil(() => said.includes('begun 0'), { timeout: 10_000 });
    const { answers } = await millrace<Answered<{ readonly active: readonly object[]; readonly registered: readonly string[] }>>('inspect');
    expect(answers.flatMap(({ answer }) => answer.active)).toMatchObject([{ run: run.id, step: '0', task: 'slow.step', attempt: 1, since: expect.any(Number) }]);
    expect(answers.map(({ answer }) => answer.registered)).toEqual([['slow.step'], ['slow.step']]);
    expect(await millrace('queues')).toMatchObject([{ name: 'tasks', workers: 2, inFlight: 1 }]);
    await run.cancel();
  });

  it('cancel --terminate ends a handler that is at work', async () => {
    said.length = 0;
    const run = await app.client.run(immutable('slow.step', 60_000));
    await vi.waitUntil(() => said.includes('begun 0'), { timeout: 10_000 });
    const { answers } = await millrace<Answered<{ readonly handlers: number }>>('cancel', run.id, '--reason', 'sent twice', '--terminate');
    expect(answers.reduce((sum, { answer }) => sum + answer.handlers, 0)).toBeLessThanOrEqual(1); // none when its worker has noticed by itself
    await vi.waitUntil(() => said.includes('revoked 0'), { timeout: 5_000 });
    expect(said).not.toContain('ended 0');
    expect(await millrace('runs', 'show', run.id)).toMatchObject({ status: 'cancelled', reason: 'sent twice' });
  });

  it('broadcast runs a task once on each', async () => {
    const { answers } = await millrace<Answered<object>>('broadcast', 'slow.step', '[1]');
    expect(answers.map(({ answer }) => answer)).toEqual([{ status: 'succeeded', value: 1 }, { status: 'succeeded', value: 1 }]);
  });

  it('events tells of a run while somebody follows', async () => {
    const [program, args, options] = command(['events', '--json', '--type', 'task.*']);
    const follower = spawn(program, [...args], { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
    const events: Array<{ readonly type: string; readonly run: string }> = [];
    follower.stdout.on('data', (chunk: Buffer) => events.push(...chunk.toString().trim().split('\n').map((line) => JSON.parse(line) as (typeof events)[number])));
    const typesOf = (run: string) => events.filter((event) => event.run === run).map(({ type }) => type);
    const typesOfNext = async (): Promise<readonly string[]> => {
      const run = await app.client.run(immutable('slow.step', 1));
      await run.result();
      return vi.waitUntil(() => typesOf(run.id).includes('task.succeeded') && typesOf(run.id), { timeout: 2_000 }).catch(() => []);
    };
    let seen: readonly string[] = [];
    for (let tries = 0; tries < 10 && seen.length < 3; tries++) seen = await typesOfNext();
    follower.kill('SIGINT');
    expect(seen).toEqual(['task.received', 'task.started', 'task.succeeded']);
  });

  it('pool grow and shrink change how much runs at once', async () => {
    const [id = ''] = await workerIds();
    const [{ pools = [] } = {}] = await millrace<ReadonlyArray<{ pools: ReadonlyArray<{ slots: number }> }>>('workers', id);
    const { slots = 0 } = pools[0] ?? {};
    const grown = await millrace<Answered<object>>('pool', 'grow', '3', '--worker', id);
    expect(grown.answers).toEqual([{ worker: id, answer: { before: slots, slots: slots + 3 } }]);
    const shrunk = await millrace<Answered<object>>('pool', 'shrink', '3', '--worker', id);
    expect(shrunk.answers).toEqual([{ worker: id, answer: { before: slots + 3, slots } }]);
  });

  it('a worker that is drained takes nothing more: another takes over', async () => {
    const [drained = '', other] = await workerIds();
    await millrace('drain', drained);
    await vi.waitUntil(async () => (await workerIds()).length === 1, { timeout: 10_000 });
    expect(await workerIds()).toEqual([other]);
    const run = await app.client.run(group([immutable('slow.step', 1), immutable('slow.step', 2), immutable('slow.step', 3)]));
    expect(await run.result({ timeoutMs: 20_000 })).toEqual([1, 2, 3]);
  });

  it('a worker that serves a queue no more takes nothing of it, until it serves it again', async () => {
    said.length = 0;
    await millrace('queue', 'cancel', 'tasks');
    const run = await app.client.run(immutable('slow.step', 4));
    const [queue] = await millrace<ReadonlyArray<{ readonly workers: number; readonly waiting: number }>>('queues');
    expect(queue?.workers).toBe(0);
    expect(queue?.waiting).toBeGreaterThanOrEqual(1); // one, or more when the sweeper has sent its hint again
    expect(said).toEqual([]);
    await millrace('queue', 'add', 'tasks');
    expect(await run.result({ timeoutMs: 20_000 })).toBe(4);
  });

  it('names a worker that was killed and does not answer, and exits with 1', async () => {
    const [id] = await workerIds();
    for (const worker of workers) worker.kill('SIGKILL');
    const failed = await promisify(execFile)(...command(['ping', '--timeout', '2s'])).catch((err: unknown) => err);
    expect(failed).toMatchObject({ code: 1, stderr: `millrace: 1 worker did not answer in time: ${id} (MILLRACE_CLI_UNANSWERED)\n` });
  });
});
