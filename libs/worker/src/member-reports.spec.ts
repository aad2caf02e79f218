import type { MemberChange, MembersTransition } from '@millrace/run-store';
import { describe, expect, it } from 'vitest';
import { MemberReports } from './member-reports.js';

const transition = (settled: number): MembersTransition => ({ status: 'running', applied: true, members: new Map(), settled });

describe('reports of members', () => {
  it('are all written, however soon one comes after a write', async () => {
    for (let turns = 0; turns < 12; turns++) {
      const written: number[] = [];
      const reports = new MemberReports(
        async (changes) => transition(written.push(...changes.keys())),
        () => undefined,
      );
      reports.add(0, 'failed-try');
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      reports.add(1, 'failed-try');
      expect((await reports.done())?.settled).toBe(2);
      expect(written).toEqual([0, 1]);
    }
  });

  it('of one turn, and those that come while a write is underway, share one', async () => {
    const writes: Array<ReadonlyMap<number, MemberChange>> = [];
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const reports = new MemberReports(
      async (changes) => {
        writes.push(changes);
        await answered;
        return transition(0);
      },
      () => undefined,
    );
    for (const member of [0, 1, 2]) reports.add(member, 'failed-try');
    await new Promise<void>((resolve) => setImmediate(resolve));
    for (const member of [3, 4]) reports.add(member, 'snoozed-try');
    answer();
    await reports.done();
    expect(writes.map((changes) => [...changes.keys()])).toEqual([[0, 1, 2], [3, 4]]);
  });

  it('that could not be written make done reject', async () => {
    const reports = new MemberReports(
      () => Promise.reject(new Error('no route')),
      () => undefined,
    );
    reports.add(0, 'failed-try');
    await new Promise<void>((resolve) => setImmediate(resolve));
    await expect(reports.done()).rejects.toThrow('no route');
  });
});
