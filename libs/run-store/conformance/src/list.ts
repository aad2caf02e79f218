import type { ListRuns, RunHead, RunPosition } from '@millrace/run-store';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createdAt, farOff, headOf, made, newId, type Stage } from './stage.js';

/** `list` may be briefly stale. */
const patience = { timeout: 10_000 };

export function exerciseList(stage: Stage): void {
  const newTenant = (): string => newId().replace('run_', 't-');
  const put = async (tenant: string, at: number, more: Partial<RunHead> = {}): Promise<RunPosition> => {
    const head = headOf(newId(), { tenant, createdAt: at, ...more });
    made(await stage.store.create(head, farOff));
    return { id: head.id, createdAt: at };
  };
  const ids = (tenant: string, options: ListRuns) => async () => (await stage.rival.list(tenant, options)).runs.map(({ id }) => id);

  /** All pages, one after the other. */
  const everything = async (tenant: string, options: ListRuns): Promise<string[]> => {
    const found: string[] = [];
    for (let next: ListRuns | undefined = options; next; ) {
      const page = await stage.rival.list(tenant, next);
      expect(page.runs.length).toBeLessThanOrEqual(options.limit);
      found.push(...page.runs.map(({ id }) => id));
      next = page.next && { ...options, after: page.next };
    }
    return found;
  };

  describe('list', () => {
    test('gives whole records of a tenant, newest first, whatever became of them', async () => {
      const tenant = newTenant();
      const old = await put(tenant, createdAt + 1);
      const young = await put(tenant, createdAt + 3, { terms: { metadata: { order: 7 }, priority: 3, failure: 'all' } });
      const middle = await put(tenant, createdAt + 2);
      await stage.store.cancel(old.id, { frozenAt: createdAt + 9 });
      await expect.poll(ids(tenant, { limit: 10 }), patience).toEqual([young.id, middle.id, old.id]);
      const { runs, next } = await stage.rival.list(tenant, { limit: 10 });
      expect(runs).toStrictEqual(await Promise.all([young, middle, old].map(({ id }) => stage.store.read(id))));
      expect(next).toBeUndefined();
    });

    test('tells nothing of other tenants, nor of runs without raw data', async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      const { raw: _, ...head } = headOf(newId(), { tenant });
      made(await stage.store.create(head, farOff));
      onTestFinished(() => stage.putOff([head.id]));
      const mine = await put(tenant, createdAt);
      await put(other, createdAt);
      await put(`${tenant}x`, createdAt);
      await expect.poll(ids(tenant, { limit: 10 }), patience).toEqual([mine.id]);
      expect(await stage.rival.list(newTenant(), { limit: 10 })).toEqual({ runs: [] });
    });

    test('puts no run in twice that was to be created again', async () => {
      const tenant = newTenant();
      const { id } = await put(tenant, createdAt);
      await stage.rival.create(headOf(id, { tenant, createdAt: createdAt + 5 }), farOff);
      await expect.poll(ids(tenant, { limit: 10 }), patience).toEqual([id]);
    });

    test('goes on after the page before, also within one millisecond and past runs that came meanwhile', async () => {
      const tenant = newTenant();
      const twins = await Promise.all(Array.from({ length: 7 }, () => put(tenant, createdAt)));
      await expect.poll(ids(tenant, { limit: 10 }), patience).toHaveLength(7);
      const first = await stage.rival.list(tenant, { limit: 3 });
      await put(tenant, createdAt + 1);
      const rest = await everything(tenant, { limit: 3, after: first.next! });
      expect([...first.runs.map(({ id }) => id), ...rest]).toEqual(twins.map(({ id }) => id).toSorted().toReversed());
    });

    test('of any times, limits and pages gives what lies between, in order', async () => {
      const tenant = newTenant();
      const offsets = [0, 0, 1, 1, 1, 1, 1, 2, 5, 5, 9, 9, 9, 12];
      const all = await Promise.all(offsets.map((offset) => put(tenant, createdAt + offset)));
      await expect.poll(ids(tenant, { limit: 100 }), patience).toHaveLength(all.length);
      const offset = fc.option(fc.integer({ min: -1, max: 14 }), { nil: undefined });
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 16 }), offset, offset, async (limit, since, until) => {
          const wanted = all.filter((run) => run.createdAt >= createdAt + (since ?? -Infinity) && run.createdAt < createdAt + (until ?? Infinity));
          const sorted = wanted.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
          const range = { ...(since === undefined ? {} : { since: createdAt + since }), ...(until === undefined ? {} : { until: createdAt + until }) };
          expect(await everything(tenant, { limit, ...range })).toEqual(sorted);
        }),
        { numRuns: 25 },
      );
    });
  });
}
