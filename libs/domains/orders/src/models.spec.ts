import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { featureNames as repurchaseFeatures } from './repurchase/features.js';
import { featureNames as returnFeatures } from './returns/features.js';
import { wordsSha256 } from './returns/model.js';
import { returnedLines } from './returns/returned-lines.js';
import { wordsFile } from './returns/words.js';
import { clusterFeatures } from './segments/cluster-features.js';
import { byPlace, largestDifference } from './test/figures.js';
import { fixture } from './test/fixtures.js';
import type { ExpectedClusters, ExpectedRepurchase, ExpectedReturns, ExpectedRevenue } from './test/fixtures-of-models.js';
import { runExport } from './test/run-export.js';
import { Scored } from './test/scored.js';

const tolerance = 1e-4;

/** The largest difference between rows of the same key: a customer, or a row of the export. */
function largestRowDifference(actual: ReadonlyMap<string | number, readonly number[]>, expected: ReadonlyArray<readonly [string | number, ...number[]]>): number {
  expect([...actual.keys()].toSorted()).toEqual(expected.map(([key]) => key).toSorted());
  return Math.max(...expected.map(([key, ...values]) => Math.max(...values.map((value, column) => Math.abs(value - actual.get(key)![column]!)))));
}

describe('features and scores of the sample', () => {
  let ran: Awaited<ReturnType<typeof runExport>>;
  let scored: Scored;
  beforeAll(async () => {
    ran = await runExport(new URL('../../../../samples/orders.csv', import.meta.url), 'text/csv');
    scored = new Scored(ran.ctx, ran.dataset);
  });

  it('of customers’ clusters are Python’s', async () => {
    const { rows = [], silhouette, byCluster } = fixture<ExpectedClusters>('sample-clusters.json');
    const { buyers, distances } = await scored.clusters();
    const actual = buyers.map(({ id, features }, index) => [id, [...clusterFeatures.map((name) => features[name]), ...distances.subarray(index * 5, index * 5 + 5)]] as const);
    expect(rows.length).toBeGreaterThan(20);
    expect(largestRowDifference(new Map(actual), rows)).toBeLessThan(tolerance);
    expect(ran.segments).toMatchObject({ model: 'orders.segments@1', silhouette, clusters: byCluster.map((customers) => ({ customers })) });
  });

  it('of repurchases are Python’s', async () => {
    const { rows = [] } = fixture<ExpectedRepurchase>('sample-repurchase.json');
    const { customers, scores } = await scored.repurchase();
    const actual = customers.map(({ customer, features }, index) => [ran.dataset.customers[customer]!, [...repurchaseFeatures.map((name) => features[name]), scores[index]!]] as const);
    expect(rows.length).toBeGreaterThan(20);
    expect(largestRowDifference(new Map(actual), rows)).toBeLessThan(tolerance);
  });

  it('of returns are Python’s, and so are the lines that came back', async () => {
    const { rows = [], returnedRows } = fixture<ExpectedReturns>('sample-returns.json');
    const { purchases, scores } = await scored.returns();
    const actual = purchases.map(({ line, features }, index) => [ran.dataset.lines.row[line]!, [...returnFeatures.map((name) => features[name]), scores[index]!]] as const);
    expect(rows.length).toBeGreaterThan(200);
    expect(largestRowDifference(new Map(actual), rows)).toBeLessThan(tolerance);
    expect([...returnedLines(ran.dataset)].map((line) => ran.dataset.lines.row[line]).toSorted((a, b) => a! - b!)).toEqual(returnedRows);
  });

  it('of the revenue forecast are Python’s', async () => {
    const expected = fixture<ExpectedRevenue>('sample-revenue.json');
    const { sales, outlook, scores } = await scored.revenue();
    expect(sales.lastDay).toBe(expected.lastDay);
    expect(largestDifference({ ...outlook!.features }, expected.features)).toBeLessThan(tolerance);
    expect(largestDifference(byPlace(outlook!.shares), byPlace(expected.shares))).toBeLessThan(tolerance);
    expect(largestDifference(byPlace(scores), byPlace(expected.score))).toBeLessThan(tolerance);
    const [low, middle, high] = expected.forecast as [number, number, number];
    const told = ran.revenue as { last7Days: number; next7Days: Record<string, number> };
    expect(largestDifference(told.next7Days, { low, expected: middle, high })).toBeLessThan(0.02);
    expect(told.last7Days).toBeCloseTo(expected.last7Days, 2);
  });

  it('come with the word weights that belong to the model', async () => {
    expect(createHash('sha256').update(await readFile(wordsFile)).digest('hex')).toBe(wordsSha256);
  });
});
