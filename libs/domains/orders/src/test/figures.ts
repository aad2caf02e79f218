import { createHash } from 'node:crypto';
import { type Features, featureNames } from '../anomalies/features.js';
import { anomalyThreshold } from '../anomalies/model.js';
import { customersOf } from '../segments/customers.js';
import { quintiles } from '../segments/quintiles.js';
import type { runExport } from './run-export.js';

type Ran = Awaited<ReturnType<typeof runExport>>;
type Named = Readonly<Record<string, number>>;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The segments of a run, in the form of fixtures/make-expected.py; for specs. */
export function segmentFigures({ segments: insight, dataset }: Ran) {
  const { segments, topCustomers, model: _model, clusters: _clusters, silhouette: _silhouette, ...totals } = insight;
  const { buyers } = customersOf(dataset);
  const canonical = buyers.map(({ id, recencyDays, orders, revenue }) => `${id}:${recencyDays}:${orders}:${revenue}\n`).toSorted();
  const ranked = [buyers.map((buyer) => -buyer.recencyDays), buyers.map(({ orders }) => orders), buyers.map(({ revenue }) => Number(revenue))];
  return {
    ...totals,
    segments: Object.fromEntries((segments as Array<Named & { readonly name: string }>).map(({ name, customers, orders, revenue }) => [name, { customers, orders, revenue }])),
    scoreSums: ranked.map((values) => sum(quintiles(values))),
    topTenRevenue: Math.round(100 * sum((topCustomers as Array<{ readonly revenue: number }>).map(({ revenue }) => revenue))) / 100,
    customersSha256: createHash('sha256').update(canonical.join('')).digest('hex'),
  };
}

/** The anomalies of a run, in the form of tools/models/orders-anomalies/fixture.py; for specs. */
export function anomalyFigures({ anomalies, dataset, peers, scores }: Ran) {
  const features = dataset.lines.row.map((_, line) => peers.featuresOf(line));
  const listed = anomalies['anomalies'] as Array<{ readonly invoice: string }>;
  return {
    counts: { lines: anomalies['linesScored'], invoices: anomalies['invoicesScored'], flagged: anomalies['flagged'], threshold: anomalyThreshold },
    sums: { score: sum([...scores]), ...Object.fromEntries(featureNames.map((name) => [name, columnSum(features, name)])) },
    listed: listed.map(({ invoice }) => invoice),
  };
}

const columnSum = (features: readonly Features[], name: keyof Features): number => sum(features.map((line) => Math.fround(line[name])));

/** NaN when a name of `a` is not in `b`; for specs. */
export const largestDifference = (a: Named, b: Named): number => Math.max(...Object.keys(a).map((name) => Math.abs((a[name] ?? NaN) - (b[name] ?? NaN))));

/** A list as figures named by their places; for specs. */
export const byPlace = (values: Iterable<number>): Named => Object.fromEntries([...values].entries());
