import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@millrace/local-stack';
import '@millrace/testkit';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { Product } from './product.js';
import { prefixed } from './profiles.js';

const sample = await readFile(join(repositoryRoot, 'samples/orders.csv'));

interface Lookups {
  readonly hit: number;
  readonly miss: number;
  readonly trouble: number;
  readonly savedMs: number;
}

describe('results from the cache', () => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start({ name: 'redis', url: inject('redisUrl') }, { ...prefixed('cache'), MILLRACE_DOMAINS: 'orders' });
  });

  afterAll(() => product.stop());

  async function lookups(): Promise<Lookups> {
    const text = (await Promise.all((['dataset-generator', 'analyst'] as const).map((service) => product.metrics(service)))).join('\n');
    const sum = (pattern: RegExp): number => [...text.matchAll(pattern)].reduce((total, [, value]) => total + Number(value), 0);
    const by = (result: string): number => sum(new RegExp(`^millrace_result_cache_lookups_total\\{[^}]*result="${result}"[^}]*\\} (\\S+)`, 'gm'));
    return { hit: by('hit'), miss: by('miss'), trouble: by('trouble'), savedMs: 1_000 * sum(/^millrace_result_cache_saved_seconds_total\{[^}]*\} (\S+)/gm) };
  }

  async function ingest() {
    const { event } = await product.callback(await product.ingest(sample, 'text/csv', { filename: 'orders.csv' }));
    const ran = event.data.budget.steps.filter(({ task }) => task.startsWith('orders.'));
    return { data: event.data, tasks: ran.length, runMs: Math.round(ran.reduce((total, { runMs }) => total + runMs, 0)) };
  }

  it('are those of the first time, for less work', async () => {
    const first = await ingest();
    let last = first;
    // what is kept is kept beside the run, so the next run may come too early for some of it
    for (let tries = 1; (await lookups()).hit < first.tasks && tries <= 10; tries++) last = await ingest();
    const { hit, miss, trouble, savedMs } = await lookups();
    console.info(`result cache: ${hit} hits, ${miss} misses (${Math.round((100 * hit) / (hit + miss))} %), ${Math.round(savedMs)} ms saved; handlers ran ${first.runMs} ms the first time, ${last.runMs} ms the last`);
    expect(hit).toBeGreaterThanOrEqual(first.tasks);
    expect(trouble).toBe(0);
    expect(last.data.status).toBe('completed');
    expect({ ...last.data.insights, ...last.data.datasets }).toEqual({ ...first.data.insights, ...first.data.datasets });
  });

  it('are told of in the log', async () => {
    const line = await vi.waitUntil(async () => (await product.stack.logLines('dataset-generator')).find((text) => text.includes('result from the cache')), { timeout: 5_000 });
    expect(JSON.parse(line)).toMatchObject({ task: 'orders.dataset', key: expect.stringMatching(/^[0-9a-f]{64}$/), savedMs: expect.any(Number) });
  });

  it('are not given for other data', async () => {
    const before = await lookups();
    await product.callback(await product.ingest(`${sample.toString().split('\n').slice(0, 40).join('\n')}\n`, 'text/csv'));
    const after = await lookups();
    expect(after.hit).toBe(before.hit);
    expect(after.miss).toBeGreaterThan(before.miss);
  });
});
