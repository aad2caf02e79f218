import { beforeAll, describe, expect, it } from 'vitest';
import { featureNames } from './anomalies/features.js';
import { anomalyFigures, largestDifference, segmentFigures } from './test/figures.js';
import { type ExpectedAnomalies, type ExpectedExport, fixture } from './test/fixtures.js';
import { runExport } from './test/run-export.js';

const sample = new URL('../../../../samples/orders.csv', import.meta.url);

describe('the sample', () => {
  let ran: Awaited<ReturnType<typeof runExport>>;
  beforeAll(async () => {
    ran = await runExport(sample, 'text/csv');
  });

  it('has the counts and the total that were worked out apart from this code', () => {
    expect(ran.report).toEqual({ format: 'csv', ...fixture<ExpectedExport>('sample-expected.json').report });
  });

  it('has the segments that were worked out apart from this code', () => {
    expect(segmentFigures(ran)).toEqual(fixture<ExpectedExport>('sample-expected.json').segments);
  });

  it('has features and scores that differ from Python’s by less than 0.0001', () => {
    const { perLine = [] } = fixture<ExpectedAnomalies>('sample-anomalies.json');
    const differences = perLine.map((expected, line) => {
      const features = ran.peers.featuresOf(line);
      const actual = [...featureNames.map((name) => features[name]), ran.scores[line]!];
      return Math.max(...actual.map((value, column) => Math.abs(value - expected[column]!)));
    });
    expect(perLine.length).toBeGreaterThan(150);
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  });

  it('has its six errors found, and nothing else', () => {
    const { top, flagged, featureSums, scoreSum } = fixture<ExpectedAnomalies>('sample-anomalies.json');
    const { listed, sums } = anomalyFigures(ran);
    expect(listed).toEqual(top.slice(0, flagged).map(({ invoice }) => invoice));
    expect(largestDifference(sums, { ...featureSums, score: scoreSum })).toBeLessThan(0.01);
    expect(ran.anomalies).toMatchObject({
      model: 'orders.anomalies@2',
      flagged: 6,
      anomalies: [
        { product: 'G2001', quantity: -6, reasons: ['the quantity is -6, but the invoice is no cancellation'] },
        { product: 'K1051', price: 84, reasons: expect.arrayContaining(['the price 84.00 is 10 times the product’s usual 8.40']) },
        { product: 'H3002', price: 17.25 },
        { product: 'K1034', quantity: 600 },
        { product: 'K1040', quantity: 120 },
        { product: 'K1042', quantity: 21 },
      ],
    });
  });

  it('comes out the same every time', async () => {
    const again = await runExport(sample, 'text/csv');
    expect(again.ref).toEqual(ran.ref);
    expect(JSON.stringify([again.report, again.insights])).toBe(JSON.stringify([ran.report, ran.insights]));
  });

  it('makes insights of less than 8 KB', () => {
    for (const insight of Object.values(ran.insights)) expect(JSON.stringify(insight).length).toBeLessThan(8_192);
  });
});
