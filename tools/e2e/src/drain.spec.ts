import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repositoryRoot, serviceNames } from '@millrace/local-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product } from './product.js';
import { prefixed, profiles } from './profiles.js';

const sample = await readFile(join(repositoryRoot, 'samples/orders.csv'));
const workers = serviceNames.filter((name) => name !== 'ingestion-api');
const everyMs = 150;

describe.each(profiles)('a rolling SIGTERM on the $name profile', ({ name, profile }) => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start(profile(), prefixed(`drain-${name}`));
    await product.callback(await product.ingest(sample, 'text/csv'));
  });
  afterAll(async () => {
    await product.stop();
  });

  it('of every worker under load costs no ingestion and no attempt', async () => {
    const rolled = new AbortController();
    const load = (async () => {
      const ids: string[] = [];
      for (; !rolled.signal.aborted; await delay(everyMs)) ids.push(await product.ingest(sample, 'text/csv', { budgetMs: '30000' }));
      return ids;
    })();
    for (const worker of workers) {
      await product.stack.kill(worker, 'SIGTERM');
      await delay(500);
      await product.stack.untilReady(worker);
    }
    rolled.abort();
    const ids = await load;
    const ended = await Promise.all(ids.map(async (id) => (await product.callback(id)).event));
    expect(ended.map(({ type }) => type)).toEqual(ids.map(() => 'ingestion.completed'));
    expect(ended.flatMap(({ data }) => data.tasks).filter(({ attempts }) => attempts !== 1)).toEqual([]);
    const views = await Promise.all(ids.map((id) => product.view(id)));
    expect(views.filter(({ callback }) => (callback?.attempts.length ?? 0) > 1)).toEqual([]);
    console.log(`${ids.length} ingestions while ${workers.length} workers were replaced one after another; the slowest took ${Math.max(...ended.map(({ data }) => data.budget.usedMs))} ms`);
  }, 90_000);
});
