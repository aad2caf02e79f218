import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { loadOnnxModels } from '@millrace/models';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OrderDataset } from './dataset/order-dataset.js';
import { ordersDomain } from './orders.domain.js';
import { linesOf } from './purchases.js';
import { forecastOf } from './revenue/revenue-insight.js';
import { salesOf } from './revenue/sales.js';
import { returnedLines } from './returns/returned-lines.js';
import { dayOf } from './shop-time.js';
import { auc } from './test/auc.js';
import { between } from './test/between.js';
import { withErrors } from './test/errors.js';
import { byPlace, largestDifference } from './test/figures.js';
import { fixture } from './test/fixtures.js';
import type { ExpectedClusters, ExpectedRepurchase, ExpectedReturns, ExpectedRevenue } from './test/fixtures-of-models.js';
import { readOrders } from './test/read-orders.js';
import { runExport } from './test/run-export.js';
import { Scored } from './test/scored.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = join(resolve(root, process.env['MILLRACE_SHARED_DATA'] ?? '../shared/data'), 'online_retail');
const missing = !existsSync(folder);
const read = (file: string): Promise<Buffer> => readFile(join(folder, file));
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
const sums = <Name extends string>(rows: ReadonlyArray<Readonly<Record<Name, number>>>) =>
  Object.fromEntries(Object.keys(rows[0]!).map((name) => [name, sum(rows.map((row) => Math.fround(row[name as Name])))]));

describe.skipIf(missing)(`models on real orders${missing ? ` (skipped: no ${folder}; set MILLRACE_SHARED_DATA to the folder with online_retail)` : ''}`, () => {
  describe.each([
    ['demo.csv', 'demo'],
    ['demo_week.csv', 'demo-week'],
  ])('%s has what Python worked out', (file, name) => {
    let ran: Awaited<ReturnType<typeof runExport>>;
    let scored: Scored;
    beforeAll(async () => {
      ran = await runExport(join(folder, file), 'text/csv');
      scored = new Scored(ran.ctx, ran.dataset);
    });

    it('in its clusters', async () => {
      const expected = fixture<ExpectedClusters>(`${name}-clusters.json`);
      const { buyers, distances } = await scored.clusters();
      expect(largestDifference(sums(buyers.map(({ features }) => features)), expected.featureSums)).toBeLessThan(0.01);
      expect(largestDifference(byPlace(expected.distanceSums), byPlace(expected.distanceSums.map((_, centre) => sum(distances.filter((_distance, index) => index % 5 === centre)))))).toBeLessThan(0.01);
      expect(ran.segments).toMatchObject({ silhouette: expected.silhouette, clusters: expected.byCluster.map((customers) => ({ customers })) });
    });

    it('in its repurchases', async () => {
      const expected = fixture<ExpectedRepurchase>(`${name}-repurchase.json`);
      const { customers, scores } = await scored.repurchase();
      expect(customers).toHaveLength(expected.customers);
      expect(largestDifference(sums(customers.map(({ features }) => features)), expected.featureSums)).toBeLessThan(0.01);
      expect(sum(scores)).toBeCloseTo(expected.scoreSum, 2);
    });

    it('in its returns', async () => {
      const expected = fixture<ExpectedReturns>(`${name}-returns.json`);
      const { purchases, scores } = await scored.returns();
      expect(purchases).toHaveLength(expected.purchases);
      expect(returnedLines(ran.dataset).size).toBe(expected.returned);
      expect(largestDifference(sums(purchases.map(({ features }) => features)), expected.featureSums)).toBeLessThan(0.05);
      expect(sum(scores)).toBeCloseTo(expected.scoreSum, 1);
    });

    it('in its revenue forecast', async () => {
      const expected = fixture<ExpectedRevenue>(`${name}-revenue.json`);
      const { outlook, scores } = await scored.revenue();
      expect(largestDifference({ ...outlook!.features }, expected.features)).toBeLessThan(1e-5);
      expect(largestDifference(byPlace(scores), byPlace(expected.score))).toBeLessThan(1e-5);
    });
  });

  describe('reach on rows that training did not see', () => {
    const [lastTrained, lastDemo] = [dayOf(Date.UTC(2011, 7, 31) / 60_000), dayOf(Date.UTC(2011, 8, 30) / 60_000)];
    let both: OrderDataset;
    let demo: OrderDataset;
    let scoredOf: (dataset: OrderDataset) => Scored;
    beforeAll(async () => {
      const [train, test] = [gunzipSync(await read('train.csv.gz')), await read('demo.csv')];
      both = readOrders(Buffer.concat([train, test.subarray(test.indexOf('\n') + 1)]), 'csv').dataset;
      demo = readOrders(test, 'csv').dataset;
      const models = await loadOnnxModels(ordersDomain.models);
      scoredOf = (dataset) => new Scored({ model: (definition) => models.get(definition), signal: new AbortController().signal }, dataset);
    });

    it.each([
      [274, 0.74],
      [90, 0.71],
      [30, 0.66],
    ])('an AUC of repurchase, from a history of %i days, of at least %d', async (days, least) => {
      const { customers, scores } = await scoredOf(between(both, lastTrained - days + 1, lastTrained)).repurchase();
      const later = new Set(linesOf(between(both, lastTrained + 1, lastDemo)).flatMap(({ bought, customer }) => (bought ? [customer] : [])));
      expect(auc(scores, customers.map(({ customer }) => later.has(customer)))).toBeGreaterThan(least);
    });

    it('an AUC of the risk of return of at least 0.75', async () => {
      const labels = gunzipSync(await read('demo_labels.csv.gz')).toString('utf8').trim().split('\n').slice(1).map((line) => line.split(',')[1]);
      const { purchases, scores } = await scoredOf(demo).returns();
      const labelled = purchases.map(({ line }, index) => ({ label: labels[demo.lines.row[line]! - 1], score: scores[index]! })).filter(({ label }) => label !== '');
      expect(labelled.length).toBeGreaterThan(39_000);
      expect(auc(labelled.map(({ score }) => score), labelled.map(({ label }) => Number(label) === 1))).toBeGreaterThan(0.75);
    });

    it('a WAPE of seven days’ revenue of at most 0.23, where the same weekdays of the last week have 0.26', async () => {
      const errors = { model: 0, naive: 0, actual: 0 };
      for (let day = lastTrained; day <= lastDemo - 7; day++) {
        const { sales, outlook, scores } = await scoredOf(between(both, day - 27, day)).revenue();
        const actual = sum(salesOf(between(both, day + 1, day + 7)).net);
        errors.model += Math.abs(forecastOf(outlook!, scores).expected - actual);
        errors.naive += Math.abs(sum(sales.net.slice(-7)) - actual);
        errors.actual += actual;
      }
      expect(errors.model / errors.actual).toBeLessThan(0.23);
      expect(errors.naive / errors.actual).toBeCloseTo(0.259, 2);
    });

    it('an AUC of anomalies of at least 0.92, with errors mostly of other kinds than those of training', async () => {
      const { dataset, wrong } = withErrors(demo);
      const scores = await scoredOf(dataset).anomalies();
      const worst = dataset.invoices.number.map(() => -Infinity);
      for (const [line, invoice] of dataset.lines.invoice.entries()) worst[invoice] = Math.max(worst[invoice]!, scores[line]!);
      expect(wrong.size).toBe(217);
      expect(auc(worst, worst.map((_, invoice) => wrong.has(invoice)))).toBeGreaterThan(0.92);
    });

    it('a silhouette of clusters of at least 0.33', async () => {
      const { segments } = await runExport(join(folder, 'demo.csv'), 'text/csv');
      expect(segments['silhouette']).toBeGreaterThan(0.33);
    });
  });
});
