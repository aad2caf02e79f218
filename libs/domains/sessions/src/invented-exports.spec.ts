import { beforeAll, describe, expect, it } from 'vitest';
import { earlyFeatures, pageValueFeatures, purchaseMatrix } from './purchase-intent/features.js';
import { earlyModel, pageValueModel } from './purchase-intent/models.js';
import { saleFeatures, saleMatrix } from './sale/features.js';
import { saleModel } from './sale/model.js';
import { watchedSessions } from './sale/watched.js';
import { type ExpectedExports, type ExpectedLooks, type ExpectedPurchases, fixture, fixtureFile } from './test/fixtures.js';
import { parityOf } from './test/parity.js';
import { runExport } from './test/run-export.js';

const expected = fixture<ExpectedExports>('expected.json');
type Ran = Awaited<ReturnType<typeof runExport>>;

describe('invented session summaries', () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await runExport(fixtureFile('summaries.csv'), 'text/csv');
  });

  it('have the report and the segments that were worked out apart from this code', () => {
    expect(ran.report).toEqual({ ...expected.summaries.report, examples: {} });
    expect(ran.segments).toMatchObject({ summaries: { sessions: 240, segments: expected.summaries.segments } });
  });

  it.each([
    ['with-page-values', pageValueModel, pageValueFeatures],
    ['without-page-values', earlyModel, earlyFeatures],
  ] as const)('have Python’s features and scikit-learn’s probabilities %s', async (version, definition, names) => {
    const { features, perRow } = fixture<ExpectedPurchases>(`purchase-${version}.json`);
    const parity = await parityOf(ran.models.get(definition), purchaseMatrix(ran.dataset.summaries!, names, 0, perRow.length), perRow);
    expect(names).toEqual(features);
    expect(perRow).toHaveLength(240);
    expect(parity.features).toBeLessThan(1e-6);
    expect(parity.scores).toBeLessThan(1e-6);
  });

  it('come out the same every time, in less than 8 KB each', async () => {
    const again = await runExport(fixtureFile('summaries.csv'), 'text/csv');
    const insights = ({ purchases, segments, sale }: Ran) => [purchases, segments, sale].map((insight) => JSON.stringify(insight));
    expect([again.ref, ...insights(again)]).toEqual([ran.ref, ...insights(ran)]);
    for (const insight of insights(ran)) expect(insight.length).toBeLessThan(8_192);
  });
});

describe('invented clicks', () => {
  const looks = fixture<ExpectedLooks>('sale.json');
  let ran: Ran;
  beforeAll(async () => {
    ran = await runExport(fixtureFile('clicks.csv'), 'text/csv');
  });

  it('have the report and the segments that were worked out apart from this code', () => {
    expect(ran.report).toEqual({ ...expected.clicks.report, examples: {} });
    expect(ran.segments).toMatchObject({ clicks: { sessions: 240, segments: expected.clicks.segments } });
  });

  it('have Python’s features and scikit-learn’s probabilities', async () => {
    const dataset = ran.dataset.clicks!;
    const { sessions } = watchedSessions(dataset);
    const numbers = looks.perSession.map(([, ...row]) => row);
    const parity = await parityOf(ran.models.get(saleModel), saleMatrix(dataset, sessions, 0, sessions.length), numbers);
    expect(saleFeatures).toEqual(looks.features);
    expect(sessions.map((session) => dataset.sessions.id[session])).toEqual(looks.perSession.map(([id]) => id));
    expect(parity.features).toBeLessThan(1e-5); // fixtures hold eight digits; places go to 30, prices to 82
    expect(parity.scores).toBeLessThan(1e-6);
  });

  it('have the number of looks at the sale and the AUC that Python gives', () => {
    expect(ran.sale).toMatchObject({ scored: looks.sessions, observed: { positives: looks.lookedAtSale, auc: Math.round(looks.auc * 10_000) / 10_000 } });
    expect(looks.sessions).toBeGreaterThan(50);
  });

  it('come out the same every time, in less than 8 KB each', async () => {
    const again = await runExport(fixtureFile('clicks.csv'), 'text/csv');
    const insights = ({ purchases, segments, sale }: Ran) => [purchases, segments, sale].map((insight) => JSON.stringify(insight));
    expect([again.ref, ...insights(again)]).toEqual([ran.ref, ...insights(ran)]);
    for (const insight of insights(ran)) expect(insight.length).toBeLessThan(8_192);
  });
});
