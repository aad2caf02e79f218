import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { anomalyFigures, largestDifference, segmentFigures } from './test/figures.js';
import { type ExpectedAnomalies, type ExpectedExport, fixture } from './test/fixtures.js';
import { runExport } from './test/run-export.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = join(resolve(root, process.env['MILLRACE_SHARED_DATA'] ?? '../shared/data'), 'online_retail');
const missing = !existsSync(folder);

describe.skipIf(missing)(`real orders${missing ? ` (skipped: no ${folder}; set MILLRACE_SHARED_DATA to the folder with online_retail)` : ''}`, () => {
  it.each([
    ['demo.csv', 'text/csv', 'demo'],
    ['demo_week.csv', 'text/csv', 'demo-week'],
    ['demo_week.ndjson', 'application/x-ndjson', 'demo-week'],
  ])('%s has the counts, segments and anomalies that Python worked out', async (file, contentType, name) => {
    const ran = await runExport(join(folder, file), contentType);
    const { report, segments } = fixture<ExpectedExport>(`${name}-expected.json`);
    const { top, featureSums, scoreSum, ...counts } = fixture<ExpectedAnomalies>(`${name}-anomalies.json`);
    const found = anomalyFigures(ran);
    expect(ran.report).toMatchObject(report);
    expect(segmentFigures(ran)).toEqual(segments);
    expect(found).toMatchObject({ counts, listed: top.slice(0, counts.flagged).map(({ invoice }) => invoice) });
    expect(largestDifference(found.sums, { ...featureSums, score: scoreSum })).toBeLessThan(0.1);
    for (const insight of Object.values(ran.insights)) expect(JSON.stringify(insight).length).toBeLessThan(8_192);
  });

  it('demo.csv has the counts known from its description', async () => {
    const { report } = await runExport(join(folder, 'demo.csv'), 'text/csv');
    expect(report).toMatchObject({
      lines: 50_226,
      invoices: 2_327,
      customers: 1_302,
      guestLines: 9_404,
      cancellationLines: 805,
      nonPositivePriceLines: 160,
      emptyDescriptionLines: 99,
      duplicateLines: 365,
      total: 1_019_687.62,
    });
  });
});
