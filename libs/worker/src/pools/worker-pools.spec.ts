import { ManualClock } from '@millrace/kernel';
import { type QueueSpec, Router } from '@millrace/tasks';
import { Metrics, silentLog } from '@millrace/telemetry';
import { describe, expect, it } from 'vitest';
import { FakeChild } from './test/fake-child.js';
import { testParts } from './test/parts.js';
import { tryIn } from './test/pool-conformance.js';
import { WorkerPools, type WorkerPoolsOptions } from './worker-pools.js';

const queue = (name: string, more: Partial<QueueSpec> = {}): QueueSpec => ({ name, leaseMs: 4_000, maxDeliveries: 10, ...more });

function poolsOf(queues: readonly QueueSpec[], more: Partial<WorkerPoolsOptions> = {}): WorkerPools {
  const router = new Router([{ task: 'pool.echo', queue: 'first' }, { task: '**', queue: 'second' }], queues);
  const deps = { ...testParts('/nowhere'), clock: new ManualClock(), log: silentLog, metrics: new Metrics('test') };
  return new WorkerPools({ router, queues, concurrency: 8, processors: 2, ...more }, deps);
}

describe('the pools of a worker', () => {
  it('run a step where its queue says, its own before its route’s', async () => {
    const child = new FakeChild(true);
    const children = { launch: () => () => child, setup: (processors: number) => processors };
    const pools = poolsOf([queue('first'), queue('second', { pool: { kind: 'prefork', size: 1 } })], { children });
    const started = pools.start();
    child.ready();
    await started;
    expect(child.sent).toEqual([{ type: 'begin', setup: 2 }]);
    expect(await tryIn(pools, 'pool.echo', { args: [1] })).toMatchObject({ outcome: { value: [1] } });
    void tryIn(pools, 'pool.echo', { queue: 'second' });
    void tryIn(pools, 'pool.nothing');
    expect(child.tries).toBe(1);
    await pools.stop();
  });

  it('keep slots of its own for every queue, also for one that comes later', async () => {
    const pools = poolsOf([queue('first'), queue('second')]);
    expect(await pools.slotsOf('first').take(100)).toBe(6);
    expect(await pools.slotsOf('second').take(100)).toBe(2);
    expect(await pools.slotsOf('third').take(100)).toBe(1);
    expect(pools.slotsOf('third')).toBe(pools.slotsOf('third'));
  });

  it('tell of their use, and can be resized by name', async () => {
    const pools = poolsOf([queue('first'), queue('second')]);
    await pools.slotsOf('first').take(3);
    expect(pools.use).toEqual([{ name: 'first', slots: 2, busy: 3 }, { name: 'second', slots: 2, busy: 0 }, { name: 'common', slots: 4, busy: 0 }]);
    expect([await pools.resize('second', 5), await pools.resize('common', 1), await pools.resize('other', 1), await pools.resize('main', 1)]).toEqual([true, true, false, false]);
    expect(pools.use.map(({ slots }) => slots)).toEqual([2, 5, 1]);
  });

  it('know the only one as main', async () => {
    const pools = poolsOf([queue('first')]);
    expect(await pools.resize('main', 3)).toBe(true);
    expect(pools.use).toEqual([{ name: 'first', slots: 3, busy: 0 }]);
  });

  it('refuse a queue whose children would not know their tasks', () => {
    expect(() => poolsOf([queue('first', { pool: { kind: 'thread' } })])).toThrow(expect.objectContaining({ code: 'MILLRACE_POOL_WORKLOAD' }));
  });
});
