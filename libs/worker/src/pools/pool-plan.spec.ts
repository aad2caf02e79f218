import type { QueueSpec } from '@millrace/tasks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolPlan } from './pool-plan.js';

const queue = (name: string, more: Partial<QueueSpec> = {}): QueueSpec => ({ name, leaseMs: 4_000, maxDeliveries: 10, ...more });
const prefork = { pool: { kind: 'prefork' } } as const;

describe('poolPlan', () => {
  it('gives a single queue all slots', () => {
    expect(poolPlan({ queues: [queue('a')], concurrency: 8, processors: 2 })).toEqual({ inProcess: [{ queue: 'a', own: 8 }], common: 0, ofChildren: [], processorsEach: 2 });
  });

  it('reserves half of the slots by weight when there are several queues', () => {
    const { inProcess, common } = poolPlan({ queues: [queue('a', { weight: 3 }), queue('b')], concurrency: 16, processors: 2 });
    expect(inProcess).toEqual([{ queue: 'a', own: 6 }, { queue: 'b', own: 2 }]);
    expect(common).toBe(8);
  });

  it('starts a child for each processor, and shares the processors out', () => {
    expect(poolPlan({ queues: [queue('a', prefork)], concurrency: 8, processors: 4 })).toMatchObject({ ofChildren: [{ queue: 'a', kind: 'prefork', least: 4, most: 4 }], processorsEach: 1 });
    expect(poolPlan({ queues: [queue('a', { pool: { kind: 'prefork', size: 2, minSize: 1 } })], concurrency: 8, processors: 8 })).toMatchObject({ ofChildren: [{ least: 1, most: 2 }], processorsEach: 4 });
  });

  it('lets the configuration overrule the catalogue, with one size for all', () => {
    const queues = [queue('a', { pool: { kind: 'thread', size: 7, maxTasksPerChild: 5 } }), queue('b')];
    const { inProcess, ofChildren } = poolPlan({ queues, pool: { kind: 'prefork', size: 4, maxTasksPerChild: undefined }, concurrency: 8, processors: 2 });
    expect(inProcess).toEqual([]);
    expect(ofChildren).toEqual([
      { queue: 'a', kind: 'prefork', least: 2, most: 2, maxTasksPerChild: 5 },
      { queue: 'b', kind: 'prefork', least: 2, most: 2 },
    ]);
  });

  it('leaves no queue without a slot of its own, and with as many slots as queues exceeds nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 64 }), (weights, concurrency) => {
        const { inProcess, common } = poolPlan({ queues: weights.map((weight, i) => queue(`q${i}`, { weight })), concurrency, processors: 1 });
        const reserved = inProcess.reduce((sum, { own }) => sum + own, 0);
        expect(Math.min(...inProcess.map(({ own }) => own))).toBeGreaterThanOrEqual(1);
        expect(reserved + common).toBe(Math.max(concurrency, reserved));
        expect(concurrency < 2 * weights.length || reserved <= concurrency).toBe(true);
      }),
    );
  });
});
