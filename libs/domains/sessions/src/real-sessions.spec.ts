import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type ExpectedExports, type ExpectedLooks, type ExpectedPurchases, fixture } from './test/fixtures.js';
import { runBytes, runExport } from './test/run-export.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const data = resolve(root, process.env['MILLRACE_SHARED_DATA'] ?? '../shared/data');
const folders = { clicks: join(data, 'eshop_clickstream'), summaries: join(data, 'online_shoppers') };
const because = (folder: string): string => (existsSync(folder) ? '' : ` (skipped: no ${folder}; set MILLRACE_SHARED_DATA to the folder with it)`);
const expected = fixture<ExpectedExports>('expected.json');
const fourDecimals = (value: number): number => Math.round(value * 10_000) / 10_000;

describe.skipIf(!existsSync(folders.summaries))(`real session summaries${because(folders.summaries)}`, () => {
  const demo = join(folders.summaries, 'demo.csv');

  it('have the report and the segments that Python worked out', async () => {
    const { report, segments, sale } = await runExport(demo, 'text/csv');
    expect(report).toEqual({ ...expected.demoSummaries.report, examples: {} });
    expect(segments).toMatchObject({ summaries: { segments: expected.demoSummaries.segments } });
    expect(sale).toMatchObject({ available: false });
  });

  it('are ranked as scikit-learn ranks them, with page values and without', async () => {
    const withValues = await runExport(demo, 'text/csv');
    const without = await runBytes(withoutColumn(readFileSync(demo, 'utf8'), 'PageValues'), 'text/csv');
    for (const [version, { purchases }] of [['with', withValues], ['without', without]] as const) {
      const { sessions, purchases: positives, auc, scoreSum } = fixture<ExpectedPurchases>(`purchase-${version}-page-values.json`).demo;
      expect(purchases).toMatchObject({ sessions, observed: { positives, auc: fourDecimals(auc) }, expectedPurchases: Math.round(scoreSum * 10) / 10 });
    }
    expect([withValues.purchases.model, without.purchases.model]).toEqual(['sessions.purchase-intent-page-values@2', 'sessions.purchase-intent@2']);
  });
});

describe.skipIf(!existsSync(folders.clicks))(`real clicks${because(folders.clicks)}`, () => {
  it('have the report, the segments and the ranking that Python worked out', async () => {
    const { report, segments, sale, purchases } = await runExport(join(folders.clicks, 'demo.csv'), 'text/csv');
    const { sessions, lookedAtSale, auc, scoreSum } = fixture<ExpectedLooks>('sale.json').demo;
    expect(report).toEqual({ ...expected.demoClicks.report, examples: {} });
    expect(segments).toMatchObject({ clicks: { segments: expected.demoClicks.segments } });
    expect(sale).toMatchObject({ sessions: 1_629, scored: sessions, observed: { positives: lookedAtSale, auc: fourDecimals(auc) }, expectedLooks: Math.round(scoreSum * 10) / 10 });
    expect(purchases).toMatchObject({ available: false });
  });
});

/** Of a CSV text without quotes. */
function withoutColumn(text: string, name: string): Uint8Array {
  const rows = text.trimEnd().split('\n').map((line) => line.split(','));
  const place = rows[0]?.indexOf(name) ?? -1;
  return Buffer.from(rows.map((cells) => cells.toSpliced(place, 1).join(',')).join('\n'));
}
