import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { repositoryRoot } from '@millrace/local-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product } from './product.js';
import { prefixed, profiles } from './profiles.js';

const folder = join(resolve(repositoryRoot, process.env['MILLRACE_SHARED_DATA'] ?? '../shared/data'), 'online_retail');
const missing = !existsSync(folder);
const fixtures = join(repositoryRoot, 'libs/domains/orders/fixtures');

interface Expected {
  readonly report: object;
  readonly segments: { readonly customers: number; readonly revenue: number; readonly segments: Readonly<Record<string, { readonly customers: number; readonly orders: number; readonly revenue: number }>> };
}

interface Segments {
  readonly customers: number;
  readonly revenue: number;
  readonly segments: ReadonlyArray<{ readonly name: string; readonly customers: number; readonly orders: number; readonly revenue: number }>;
}

describe.skipIf(missing)(`real orders${missing ? ` (skipped: no ${folder}; set MILLRACE_SHARED_DATA to the folder with online_retail)` : ''}`, () => {
  describe.each(profiles)('on the $name profile', ({ name, profile }) => {
    let product: Product;

    beforeAll(async () => {
      product = await Product.start(profile(), prefixed(`real-${name}`));
    });

    afterAll(() => product.stop());

    it.each([
      ['demo_week.csv', 'text/csv', 'demo-week'],
      ['demo_week.ndjson', 'application/x-ndjson', 'demo-week'],
      ['demo.csv', 'text/csv', 'demo'],
    ])('%s comes back with what Python worked out from it', async (file, contentType, fixture) => {
      const expected = JSON.parse(await readFile(join(fixtures, `${fixture}-expected.json`), 'utf8')) as Expected;
      const anomalies = JSON.parse(await readFile(join(fixtures, `${fixture}-anomalies.json`), 'utf8')) as { invoices: number; flagged: number; threshold: number };
      const id = await product.ingest(await readFile(join(folder, file)), contentType, { filename: file });
      const { received, event } = await product.callback(id);
      expect(received.signatureProblem).toBeUndefined();
      expect(event.type).toBe('ingestion.completed');
      expect(event.data.datasets['orders.dataset']).toMatchObject(expected.report);
      const segments = event.data.insights['orders.segments'] as Segments;
      expect(segments).toMatchObject({ customers: expected.segments.customers, revenue: expected.segments.revenue });
      expect(Object.fromEntries(segments.segments.map(({ name: segment, customers, orders, revenue }) => [segment, { customers, orders, revenue }]))).toEqual(expected.segments.segments);
      expect(event.data.insights['orders.anomalies']).toMatchObject({ invoicesScored: anomalies.invoices, flagged: anomalies.flagged });
    });
  });
});
