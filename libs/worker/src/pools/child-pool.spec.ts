import { ManualClock } from '@millrace/kernel';
import { taskErrors } from '@millrace/tasks';
import { Metrics, silentLog } from '@millrace/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChildPool, type ChildPoolOptions } from './child-pool.js';
import { FakeChild } from './test/fake-child.js';
import { tryIn } from './test/pool-conformance.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

let clock: ManualClock;
let children: FakeChild[];
let pool: ChildPool;

beforeEach(() => {
  clock = new ManualClock();
  children = [];
});

afterEach(() => pool.stop());

/** A pool of two; the children say that they are ready unless `silent`. */
async function opened(more: Partial<ChildPoolOptions> = {}): Promise<ChildPool> {
  const kind = more.kind ?? 'prefork';
  const launch = () => {
    const child = new FakeChild(kind === 'prefork');
    children.push(child);
    return child;
  };
  pool = new ChildPool({ kind, queue: 'work', least: 2, most: 2, launch, setup: 'setup', ...more }, { clock, log: silentLog, metrics: new Metrics('test') });
  const started = pool.start();
  for (const child of children) child.ready();
  await started;
  return pool;
}

const child = (index: number) => children[index]!;
const echo = (init?: Parameters<typeof tryIn>[2]) => tryIn(pool, 'pool.echo', init);

describe('a pool of children', () => {
  it('tells each child what to begin with, and has as many slots as children', async () => {
    await opened();
    expect(children.map(({ sent }) => sent)).toEqual([[{ type: 'begin', setup: 'setup' }], [{ type: 'begin', setup: 'setup' }]]);
    expect(pool.slots.size).toBe(2);
  });

  it('gives a try to a free child only', async () => {
    await opened();
    const first = echo();
    void echo();
    expect(children.map(({ tries }) => tries)).toEqual([1, 1]);
    child(0).succeeds('done');
    expect(await first).toEqual({ outcome: { kind: 'succeeded', value: 'done' }, handlerMs: 1 });
    void echo();
    expect(children.map(({ tries }) => tries)).toEqual([2, 1]);
  });

  it('sends nothing of the record but what a handler needs', async () => {
    await opened();
    void echo({ args: [1], previous: ['before'] });
    expect(child(0).sent[1]).toMatchObject({ type: 'try', previous: ['before'], tried: { id: '3', attempt: 2, claim: 5, step: { signature: { args: [1] } } } });
    expect(Object.keys((child(0).sent[1] as { tried: { run: object } }).tried.run).toSorted()).toEqual(['finaliseAt', 'id', 'raw', 'tenant']);
  });
});

describe('a child that dies', () => {
  it('costs the try it was at, and is replaced', async () => {
    await opened();
    const ended = echo();
    child(0).crash('SIGSEGV');
    expect(await ended).toMatchObject({ outcome: { kind: 'failed', error: { code: 'MILLRACE_TASK_CRASHED', retryable: true, message: expect.stringContaining('SIGSEGV') } } });
    expect(pool.slots.size).toBe(1);
    child(2).ready();
    expect(pool.slots.size).toBe(2);
  });

  it('idle makes the try wait that came for it, for the child that takes its place', async () => {
    await opened();
    await pool.slots.take(2);
    void echo();
    child(1).crash();
    await turn();
    const late = echo();
    child(2).ready();
    expect(child(2).tries).toBe(1);
    child(2).succeeds('late');
    expect(await late).toMatchObject({ outcome: { value: 'late' } });
  });

  it('while it waits for a child, a try can be given up', async () => {
    await opened({ least: 1, most: 1 });
    child(0).crash();
    await turn();
    const given = new AbortController();
    const waiting = echo({ given: given.signal });
    given.abort(taskErrors.error('MILLRACE_TASK_LATE', 'too late'));
    expect(await waiting).toMatchObject({ outcome: { kind: 'failed', error: { code: 'MILLRACE_TASK_LATE' } } });
    child(1).ready();
    expect(child(1).tries).toBe(0);
  });

  it('before it was ready is followed by another only after a pause, which grows', async () => {
    await opened();
    child(0).crash();
    await turn();
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      const launched = children.length;
      children.at(-1)?.crash('exit code 1');
      await turn();
      await clock.advance(pauseMs - 1);
      expect(children).toHaveLength(launched);
      await clock.advance(1);
      expect(children).toHaveLength(launched + 1);
    }
    children.at(-1)?.ready();
    expect(pool.slots.size).toBe(2);
  });

  it('at the start makes the start fail', async () => {
    const failing = opened({ least: 1, most: 1, launch: () => { const lone = new FakeChild(true); queueMicrotask(() => lone.says({ type: 'unfit', reason: 'no model' })); return lone; } });
    await expect(failing).rejects.toMatchObject({ code: 'MILLRACE_POOL_CHILD', message: expect.stringContaining('no model') });
  });
});

describe('the hard limit', () => {
  it('kills a child process and its try, at that moment', async () => {
    await opened();
    const ended = echo({ softLimitMs: 100, hardLimitMs: 500 });
    await clock.advance(499);
    expect(child(0).fate).toBe('at work');
    await clock.advance(1);
    expect(child(0).fate).toBe('killed');
    expect(await ended).toMatchObject({ outcome: { kind: 'failed', error: { code: 'MILLRACE_TASK_KILLED', retryable: true } }, handlerMs: 500 });
    child(2).ready();
    expect(pool.slots.size).toBe(2);
  });

  it('lets the child that comes next undo what was begun, before the try is over', async () => {
    await opened({ least: 1, most: 1 });
    let isOver = false;
    const ended = tryIn(pool, 'pool.obedient', { args: ['room 7'], hardLimitMs: 500 }).finally(() => (isOver = true));
    await clock.advance(500);
    child(1).ready();
    expect(child(1).sent[1]).toMatchObject({ type: 'undo', reason: { code: 'MILLRACE_TASK_KILLED' }, tried: { step: { signature: { args: ['room 7'] } } } });
    expect(isOver).toBe(false);
    child(1).succeeds(null);
    expect(await ended).toMatchObject({ outcome: { kind: 'failed', error: { code: 'MILLRACE_TASK_KILLED' } }, handlerMs: 500 });
  });

  it('counts a child that answers while it is being killed as dead', async () => {
    await opened({ least: 1, most: 1 });
    void echo({ hardLimitMs: 500 });
    const stuck = child(0);
    await clock.advance(500);
    stuck.succeeds('too late');
    void echo();
    expect(stuck.tries).toBe(1);
  });

  it('is ten seconds after the soft one where there is none', async () => {
    await opened();
    void echo({ softLimitMs: 100 });
    await clock.advance(10_099);
    expect(child(0).fate).toBe('at work');
    await clock.advance(1);
    expect(child(0).fate).toBe('killed');
  });

  it('leaves a thread alone: its slot is lost until it returns, what it returns is dropped, and then it is replaced', async () => {
    await opened({ kind: 'thread' });
    const ended = echo({ hardLimitMs: 500 });
    await clock.advance(500);
    expect(await ended).toMatchObject({ outcome: { kind: 'failed', error: { code: 'MILLRACE_TASK_KILLED' } } });
    expect([child(0).fate, pool.slots.size, children.length]).toEqual(['at work', 1, 2]);
    child(0).succeeds('too late');
    expect([pool.slots.size, children.length]).toEqual([2, 3]);
    child(2).ready();
    expect([child(0).fate, pool.slots.size]).toEqual(['ended', 2]);
  });

  it('also ends a handler that goes on after its try', async () => {
    await opened();
    const ended = echo({ softLimitMs: 100, hardLimitMs: 500 });
    child(0).says({ type: 'ended', outcome: '{"kind":"succeeded","value":1}', handlerMs: 1, returned: false, memoryMb: 1 });
    expect(await ended).toMatchObject({ outcome: { value: 1 } });
    expect(pool.slots.size).toBe(1);
    await clock.advance(500);
    expect(child(0).fate).toBe('killed');
  });
});

describe('a try that is given up', () => {
  it('is told to the child, which answers', async () => {
    await opened();
    const given = new AbortController();
    const ended = echo({ given: given.signal });
    given.abort(taskErrors.error('MILLRACE_TASK_REVOKED', 'cancelled', { detail: { by: 'you' } }));
    expect(child(0).sent.at(-1)).toEqual({ type: 'abort', reason: { code: 'MILLRACE_TASK_REVOKED', message: 'cancelled', retryable: false, detail: { by: 'you' } } });
    child(0).succeeds('cleaned up');
    expect(await ended).toMatchObject({ outcome: { value: 'cleaned up' } });
  });

  it('ends with its reason when the child does not answer, and the child is killed', async () => {
    await opened();
    const given = new AbortController();
    const ended = echo({ given: given.signal });
    given.abort(taskErrors.error('MILLRACE_TASK_REVOKED', 'cancelled'));
    await clock.advance(10_000);
    expect(child(0).fate).toBe('killed');
    expect(await ended).toMatchObject({ outcome: { kind: 'failed', error: { code: 'MILLRACE_TASK_REVOKED' } } });
  });
});

describe('a child that is worn out', () => {
  it.each<[string, Partial<ChildPoolOptions>, number]>([
    ['has run its tries', { maxTasksPerChild: 1 }, 10],
    ['holds too much', { maxMemoryPerChildMb: 100 }, 101],
  ])('as it %s is replaced without a gap', async (_, options, memoryMb) => {
    await opened({ least: 1, most: 1, ...options });
    const first = echo();
    child(0).succeeds(1, { memoryMb });
    await first;
    expect([children.length, pool.slots.size, child(0).fate]).toEqual([2, 1, 'at work']);
    void echo();
    expect(child(0).tries).toBe(2);
    child(1).ready();
    expect([pool.slots.size, child(0).fate]).toEqual([1, 'at work']);
    child(0).succeeds(2);
    expect([pool.slots.size, child(0).fate]).toEqual([1, 'ended']);
    void echo();
    expect(child(1).tries).toBe(1);
  });
});

describe('its size', () => {
  it('grows at once and shrinks with the slots that come free', async () => {
    await opened();
    await pool.resize(4);
    child(2).ready();
    child(3).ready();
    expect(pool.slots.size).toBe(4);
    await pool.slots.take(4);
    let isDone = false;
    const shrunk = pool.resize(2).then(() => (isDone = true));
    await turn();
    expect([isDone, children.filter(({ fate }) => fate === 'ended').length]).toEqual([false, 0]);
    pool.slots.give(4);
    await shrunk;
    expect([pool.slots.size, children.filter(({ fate }) => fate === 'ended').length]).toEqual([2, 2]);
  });

  it('follows the work between its bounds: one more while all are busy, one less after half a minute with a free one', async () => {
    await opened({ least: 1, most: 3 });
    void echo();
    await clock.advance(250);
    expect(children).toHaveLength(2);
    await clock.advance(1_000);
    expect(children).toHaveLength(2); // it is not ready yet
    child(1).ready();
    void echo();
    await clock.advance(250);
    child(2).ready();
    void echo();
    await clock.advance(1_000);
    expect([children.length, pool.slots.size]).toEqual([3, 3]);
    for (const each of children) each.succeeds(1);
    await clock.advance(30_500);
    expect(pool.slots.size).toBe(2);
    await clock.advance(120_000);
    expect(pool.slots.size).toBe(1);
  });
});
