import { defaultSettings } from '@millrace/engine';
import { ingestionCanvas } from '@millrace/pipeline';
import { describe, expect, it } from 'vitest';
import type { Ingestion } from './workload/ingestion.js';
import { simulate } from './simulate.js';

const ingestion: Ingestion = {
  key: 'client',
  id: 'ing_1',
  canvas: ingestionCanvas(['apples']),
  payload: 'id,secret\n1,nobody else needs to know this\n',
  callbackUrl: 'https://client.test/hook',
  budgetMs: 10_000,
};
const sweepEveryMs = 120_000;
const settings = { ...defaultSettings, sweepEveryMs };
const minute = 60_000;
const hour = 60 * minute;

describe('a receiver', () => {
  it('that never takes the callback gets it ten times, at the times of the schedule, and then no more', async () => {
    const { posts, statuses, violations } = await simulate({ seed: 3, ingestions: [ingestion], faults: false, settings, answer: () => 500 });
    expect(violations).toEqual([]);
    expect(statuses).toEqual({ ing_1: 'exhausted' });
    const waits = posts.slice(1).map(({ at }, i) => at - (posts[i]?.at ?? 0));
    const schedule = [5_000, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];
    expect(waits).toHaveLength(schedule.length);
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual((schedule[i] ?? 0) * 0.8);
      expect(wait).toBeLessThanOrEqual((schedule[i] ?? 0) * 1.2 + 2 * sweepEveryMs);
    }
  });

  it('that wants no callbacks gets no second one', async () => {
    const { posts, statuses, violations } = await simulate({ seed: 3, ingestions: [ingestion], faults: false, settings, answer: () => 410 });
    expect(violations).toEqual([]);
    expect(statuses).toEqual({ ing_1: 'endpoint-disabled' });
    expect(posts).toHaveLength(1);
  });

  it('that takes the fourth attempt gets the same bytes and webhook-id each time', async () => {
    const { posts, statuses } = await simulate({ seed: 4, ingestions: [ingestion], faults: false, settings, answer: (attempt) => (attempt < 4 ? 503 : 204) });
    expect(statuses).toEqual({ ing_1: 'delivered' });
    expect(posts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(posts.map(({ webhookId, sha256 }) => `${webhookId} ${sha256}`)).size).toBe(1);
  });
});
