import { matrixOf } from '../matrix.js';
import { type SummaryColumn, visitors } from '../summaries/summary-columns.js';
import { pagesOf, type SummaryDataset } from '../summaries/summary-dataset.js';

/** What a model sees of one session, without any order value. The Python twin is tools/models/sessions-purchase/features.py; change both or neither. */
export const earlyFeatures = [
  'administrative_pages',
  'administrative_seconds',
  'administrative_seconds_per_page',
  'informational_pages',
  'informational_seconds',
  'informational_seconds_per_page',
  'product_pages',
  'product_seconds',
  'product_seconds_per_page',
  'other_kinds',
  'bounce_rate',
  'exit_rate',
  'expected_exits',
  'expected_later_exits',
  'special_day',
  'month',
  'november',
  'new_visitor',
  'weekend',
] as const;

/** The same, and the value of the pages. */
export const pageValueFeatures = [...earlyFeatures, 'page_value', 'page_valued'] as const;

/** The columns of the early features; the others need PageValues as well. */
export const neededColumns = ['SpecialDay', 'Month', 'VisitorType', 'Weekend'] as const satisfies readonly SummaryColumn[];

export type PurchaseFeature = (typeof pageValueFeatures)[number];

/** Absent columns count as 0; which of them may be absent is the caller's matter. Counts, seconds and page values as ln(1 + x). */
export function purchaseFeatures(dataset: SummaryDataset, session: number): Readonly<Record<PurchaseFeature, number>> {
  const value = (column: SummaryColumn): number => dataset.columns[column]?.[session] ?? 0;
  const all = pagesOf(dataset, session);
  const administrative = pageFeatures(value('Administrative'), value('Administrative_Duration'));
  const informational = pageFeatures(value('Informational'), value('Informational_Duration'));
  const product = pageFeatures(value('ProductRelated'), value('ProductRelated_Duration'));
  return {
    administrative_pages: administrative.pages,
    administrative_seconds: administrative.seconds,
    administrative_seconds_per_page: administrative.secondsPerPage,
    informational_pages: informational.pages,
    informational_seconds: informational.seconds,
    informational_seconds_per_page: informational.secondsPerPage,
    product_pages: product.pages,
    product_seconds: product.seconds,
    product_seconds_per_page: product.secondsPerPage,
    other_kinds: (value('Administrative') > 0 ? 1 : 0) + (value('Informational') > 0 ? 1 : 0),
    bounce_rate: value('BounceRates'),
    exit_rate: value('ExitRates'),
    expected_exits: value('ExitRates') * all,
    expected_later_exits: (value('ExitRates') - value('BounceRates')) * all,
    special_day: value('SpecialDay'),
    month: value('Month'),
    november: value('Month') === 11 ? 1 : 0,
    new_visitor: value('VisitorType') === visitors.New_Visitor ? 1 : 0,
    weekend: value('Weekend'),
    page_value: Math.log1p(value('PageValues')),
    page_valued: value('PageValues') > 0 ? 1 : 0,
  };
}

const pageFeatures = (pages: number, seconds: number) => ({
  pages: Math.log1p(pages),
  seconds: Math.log1p(seconds),
  secondsPerPage: Math.log1p(seconds / Math.max(pages, 1)),
});

/** The model's input for the sessions from `from` to `to`, exclusively. */
export const purchaseMatrix = (dataset: SummaryDataset, names: readonly PurchaseFeature[], from: number, to: number): Float32Array =>
  matrixOf(names, from, to, (session) => purchaseFeatures(dataset, session));
