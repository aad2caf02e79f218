import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@millrace/kernel';
import { Metrics, silentLog } from '@millrace/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChildPool, type ChildPoolOptions } from './child-pool.js';
import { forked } from './process-link.js';
import { tryIn } from './test/pool-conformance.js';
import { threaded } from './thread-link.js';

const entry = new URL('../../dist/pools/test/child.js', import.meta.url);

let folder: string;
let pool: ChildPool;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-children-'));
});

afterEach(async () => {
  await writeFile(join(folder, 'end'), '');
  await pool.stop();
  await rm(folder, { recursive: true });
});

async function open(kind: ChildPoolOptions['kind'], setup = folder): Promise<void> {
  const launch = (kind === 'thread' ? threaded : forked)(entry, []);
  pool = new ChildPool({ kind, queue: 'work', least: 1, most: 1, launch, setup }, { clock: systemClock, log: silentLog, metrics: new Metrics('test') });
  await pool.start();
}

const outcomeOf = async (name: string, init?: Parameters<typeof tryIn>[2]) => (await tryIn(pool, name, init)).outcome;
const goesOn = async () => expect(await outcomeOf('pool.echo', { args: [1] })).toEqual({ kind: 'succeeded', value: [1] });

describe('a child process', () => {
  it.each(['pool.blocking', 'pool.waiting', 'pool.hashing'])('is killed at the hard limit while it never yields: %s', async (name) => {
    await open('prefork');
    expect(await outcomeOf(name, { args: [join(folder, 'end')], softLimitMs: 20, hardLimitMs: 100 })).toMatchObject({ kind: 'failed', error: { code: 'MILLRACE_TASK_KILLED' } });
    await goesOn();
  });

  it.each([
    ['pool.signal', 'SIGSEGV', 'SIGSEGV'],
    ['pool.signal', 'SIGKILL', 'SIGKILL'],
    ['pool.exit', 3, 'exit code 3'],
  ])('that dies (%s, %s) costs its try, and another takes its place', async (name, how, told) => {
    await open('prefork');
    expect(await outcomeOf(name, { args: [how] })).toMatchObject({ kind: 'failed', error: { code: 'MILLRACE_TASK_CRASHED', retryable: true, message: expect.stringContaining(told) } });
    await goesOn();
  });

  it('that cannot start says why', async () => {
    await expect(open('prefork', 'unfit')).rejects.toMatchObject({ code: 'MILLRACE_POOL_CHILD', message: 'a child could not start: this child was told not to start' });
    await expect(open('prefork', 'exit')).rejects.toMatchObject({ code: 'MILLRACE_POOL_CHILD', message: 'a child ended before it was ready: exit code 7' });
  });
});

describe('a thread', () => {
  it('that never yields keeps its slot until it does; its result is dropped', async () => {
    await open('thread');
    expect(await outcomeOf('pool.blocking', { args: [join(folder, 'end')], softLimitMs: 20, hardLimitMs: 100 })).toMatchObject({ kind: 'failed', error: { code: 'MILLRACE_TASK_KILLED' } });
    expect(pool.slots.size).toBe(0);
    await writeFile(join(folder, 'end'), '');
    expect(await pool.slots.take(1)).toBe(1);
    await goesOn();
  });

  it('that exits costs its try, and another takes its place', async () => {
    await open('thread');
    expect(await outcomeOf('pool.exit', { args: [3] })).toMatchObject({ kind: 'failed', error: { code: 'MILLRACE_TASK_CRASHED', message: expect.stringContaining('exit code 3') } });
    await goesOn();
  });
});

it.each(['thread', 'prefork'] as const)('a result that JSON cannot carry fails its try in a %s pool', async (kind) => {
  await open(kind);
  expect(await outcomeOf('pool.unwritable')).toMatchObject({ kind: 'failed', error: { code: 'MILLRACE_TASK_RESULT', retryable: false } });
});
