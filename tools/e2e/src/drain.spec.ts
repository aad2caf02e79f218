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

async function replaceWorkers({ stack }: Product): Promise<void> {
  for (const worker of workers) {
    await stack.kill(worker, 'SIGTERM');
    await delay(500);
    await stack.untilReady(worker);
  }
}

/** Sends as a client does: one that is told to come later is not an error. */
async function sendUntil(stopped: AbortSignal, product: Product): Promise<{ readonly ids: readonly string[]; readonly refused: number }> {
  const ids: string[] = [];
  let refused = 0;
  for (; !stopped.aborted; await delay(everyMs)) {
    const { status, body } = await product.post(sample, 'text/csv', { budgetMs: '30000' });
    if (status === 202) ids.push(body.id);
    else if (status === 503) refused++;
    else throw new Error(`${status}: ${body.detail}`);
  }
  return { ids, refused };
}

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
    const roll = replaceWorkers(product).finally(() => rolled.abort());
    const [{ ids, refused }] = await Promise.all([sendUntil(rolled.signal, product), roll]);
    const ended = await Promise.all(ids.map(async (id) => (await product.callback(id)).event));
    expect(ended.map(({ type }) => type)).toEqual(ids.map(() => 'ingestion.completed'));
    expect(ended.flatMap(({ data }) => data.tasks).filter(({ attempts }) => attempts !== 1)).toEqual([]);
    const views = await Promise.all(ids.map((id) => product.view(id)));
    expect(views.filter(({ callback }) => (callback?.attempts.length ?? 0) > 1)).toEqual([]);
    console.log(`${ids.length} ingestions (${refused} refused for the moment) while ${workers.length} workers were replaced one after another; the slowest took ${Math.max(...ended.map(({ data }) => data.budget.usedMs))} ms`);
  }, 90_000);
});
