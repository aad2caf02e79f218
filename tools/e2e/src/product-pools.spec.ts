import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@millrace/local-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product } from './product.js';
import { prefixed, profiles } from './profiles.js';

const sample = await readFile(join(repositoryRoot, 'samples/orders.csv'));

describe.each(profiles)('the product with its analyses in child processes and its datasets in threads, on the $name profile', ({ name, profile }) => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start(profile(), { ...prefixed(`pools-${name}`), MILLRACE_POOL: 'analyses=prefork,datasets=thread', MILLRACE_CONCURRENCY: '2' });
  });

  afterAll(async () => {
    await product.stop();
  });

  it('calls back with every insight', async () => {
    const { event } = await product.callback(await product.ingest(sample, 'text/csv'));
    expect(event.type).toBe('ingestion.completed');
    const reports = [...(await product.metrics('analyst')).matchAll(/^millrace_pool_child_memory_bytes\{.*queue="analyses".*\} (\d+)/gm)];
    expect(Number(reports[0]?.[1])).toBeGreaterThan(1_000_000);
  });

  it('ends by itself, children included', async () => {
    expect(await product.stop()).toBe(true);
  });
});
