import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { freePorts } from './ports.js';
import { serviceNames } from './service.js';
import { Stack, type StackEvent, type StackOptions } from './stack.js';

const fakes = resolve(import.meta.dirname, '../test');
const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-stack-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function stackOf(options: Partial<StackOptions> = {}): Promise<Stack> {
  const stack = new Stack({
    profile: { name: 'aws' },
    dataDir: await dataFolder(),
    callbackSecret: 'whsec_bWlsbHJhY2U=',
    entryOf: () => join(fakes, 'fake-service.mjs'),
    ...options,
  });
  closers.push(() => stack.stop());
  return stack;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('starts the emulators and the five services, and stops all of them', async () => {
  const stack = await stackOf({ env: { MILLRACE_PREFIX: 'here' }, serviceEnv: { analyst: { MILLRACE_PREFIX: 'there' } } });
  await stack.start();
  const pids = stack.pids();
  expect([...pids.keys()]).toEqual(['emulators', ...serviceNames]);
  const env = async (service: 'analyst' | 'orchestrator') => await (await fetch(`${stack.healthUrl(service)}/env`)).json();
  expect(await env('orchestrator')).toMatchObject({ MILLRACE_PROFILE: 'aws', MILLRACE_PREFIX: 'here', MILLRACE_CALLBACK_SECRETS: 'whsec_bWlsbHJhY2U=' });
  expect(await env('analyst')).toMatchObject({ MILLRACE_PREFIX: 'there' });

  expect(await stack.stop()).toBe(true);
  expect([...pids.values()].filter(isAlive)).toEqual([]);
});

it('starts a killed process again and says so', async () => {
  const events: StackEvent[] = [];
  const stack = await stackOf({ onEvent: (event) => events.push(event) });
  await stack.start();
  const before = stack.pids();
  await stack.kill('analyst');
  await stack.untilReady('analyst');
  expect(events).toContainEqual({ type: 'died', process: 'analyst', how: 'SIGKILL', restartInMs: 100 });
  expect(stack.pids().get('analyst')).not.toBe(before.get('analyst'));
  expect(stack.pids().get('orchestrator')).toBe(before.get('orchestrator'));

  await stack.kill('emulators');
  await stack.untilReady('emulators');
  expect(stack.pids().get('emulators')).not.toBe(before.get('emulators'));
});

it('tells the line of a service that refuses to start, and stops the others', async () => {
  const stack = await stackOf({ serviceEnv: { analyst: { FAKE_REFUSES: 'MILLRACE_CONCURRENCY=x is not a number' } } });
  await expect(stack.start()).rejects.toThrow(/^analyst: MILLRACE_CONCURRENCY=x is not a number \(log: .*analyst\.log\)$/);
  expect(stack.pids()).toEqual(new Map());
});

it('stops while it starts', async () => {
  const stack = await stackOf();
  const started = stack.start();
  started.catch(() => undefined);
  await vi.waitUntil(() => stack.pids().size > 0, { timeout: 10_000 });
  await stack.stop();
  await expect(started).rejects.toMatchObject({ code: 'MILLRACE_LAUNCH_PROCESS' });
  expect(stack.pids()).toEqual(new Map());
});

it('names a port that is in use', async () => {
  const [port] = await freePorts(1);
  const other = createServer().listen(port, '127.0.0.1');
  closers.push(() => other.close());
  await once(other, 'listening');
  const stack = await stackOf({ apiPort: port! });
  await expect(stack.start()).rejects.toThrow(`port ${port} is in use`);
});

it('names a data folder that cannot be written to', async () => {
  const file = join(await dataFolder(), 'file');
  await writeFile(file, '');
  const stack = await stackOf({ dataDir: join(file, 'data') });
  await expect(stack.start()).rejects.toThrow(`cannot write to the data folder ${join(file, 'data')}`);
});

it('names a Redis that does not answer, without its password', async () => {
  const [port] = await freePorts(1);
  const stack = await stackOf({ profile: { name: 'redis', url: `redis://user:hidden@127.0.0.1:${port}` } });
  await expect(stack.start()).rejects.toThrow(`no Redis answers at redis://user:***@127.0.0.1:${port} (connect ECONNREFUSED 127.0.0.1:${port})`);
});

it('leaves no process behind when it is killed itself', async () => {
  const launcher = spawn(process.execPath, [join(fakes, 'launcher.mjs'), await dataFolder()], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(launcher.stdout, 'data');
  const pids: number[] = JSON.parse(String(line));
  expect(pids).toHaveLength(6);
  launcher.kill('SIGKILL');
  await vi.waitUntil(() => !pids.some(isAlive), { timeout: 20_000 });
});
