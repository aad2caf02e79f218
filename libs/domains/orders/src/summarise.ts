import { countOf, type DomainSummary, type Findings, inWords, usability } from '@millrace/domain';
import type { anomalyInsight } from './anomalies/anomaly-insight.js';
import type { repurchaseInsight } from './repurchase/repurchase-insight.js';
import type { returnsInsight } from './returns/returns-insight.js';
import type { revenueInsight } from './revenue/revenue-insight.js';
import type { segmentInsight } from './segments/segment-insight.js';

/** What the summary reads of the insights, each of which may be missing. */
interface OrderInsights {
  readonly segments?: ReturnType<typeof segmentInsight>;
  readonly repurchase?: ReturnType<typeof repurchaseInsight>;
  readonly anomalies?: ReturnType<typeof anomalyInsight>;
  readonly revenue?: ReturnType<typeof revenueInsight>;
  readonly returns?: ReturnType<typeof returnsInsight>;
}

/** Amounts are in the shop's currency, which an export does not name. */
export function summarise({ report, insights }: Findings): DomainSummary {
  const { segments, repurchase, anomalies, revenue, returns } = insights as OrderInsights;
  const usable = usability(report, 'lines');
  const parts = [
    segments && ofSegments(segments),
    repurchase && ofRepurchase(repurchase),
    anomalies && ofAnomalies(anomalies),
    revenue && ofRevenue(revenue),
    returns && ofReturns(returns),
  ].filter((part) => part !== undefined);
  return {
    sentences: [usable.sentence, ...parts.flatMap(({ sentences }) => sentences)],
    figures: Object.assign({}, usable.figures, ...parts.map(({ figures }) => figures)),
  };
}

function ofSegments({ customers, revenue, segments }: NonNullable<OrderInsights['segments']>): DomainSummary {
  const [largest] = segments.toSorted((a, b) => b.revenue - a.revenue);
  const most = largest && customers > 0 ? `; the segment that spent most is ${largest.name}, with ${countOf(largest.customers, 'customer')} and ${inWords(largest.revenue)}` : '';
  return { sentences: [`${countOf(customers, 'known customer')} bought for ${inWords(revenue)}${most}.`], figures: { customers, revenue } };
}

function ofRepurchase({ customers, expected, withinDays, historyDays }: NonNullable<OrderInsights['repurchase']>): DomainSummary {
  const sentence = `About ${inWords(Math.round(expected))} of them are expected to order again within ${withinDays} days, judged by ${countOf(historyDays, 'day')} of history.`;
  return { sentences: customers > 0 ? [sentence] : [], figures: { expectedRepurchases: expected } };
}

const ofAnomalies = ({ flagged, invoicesScored }: NonNullable<OrderInsights['anomalies']>): DomainSummary => ({
  sentences: [`${inWords(flagged)} of ${countOf(invoicesScored, 'invoice')} ${flagged === 1 ? 'looks' : 'look'} mistyped or wrongly exported.`],
  figures: { invoices: invoicesScored, invoicesFlagged: flagged },
});

function ofRevenue({ last7Days, next7Days }: NonNullable<OrderInsights['revenue']>): DomainSummary {
  const figures = { revenueLast7Days: last7Days, revenueNext7Days: next7Days?.expected ?? null };
  if (!next7Days) return { sentences: ['There is no forecast of the next seven days’ revenue: the export has no whole week with orders.'], figures };
  const { low, expected, high } = next7Days;
  return { sentences: [`The next seven days are expected to bring ${inWords(expected)} (${inWords(low)} to ${inWords(high)}), after ${inWords(last7Days)} in the last seven.`], figures };
}

const ofReturns = ({ purchases, expectedReturns, valueAtRisk, withinDays }: NonNullable<OrderInsights['returns']>): DomainSummary => ({
  sentences: [`Of ${countOf(purchases, 'purchased line')} of the last ${withinDays} days about ${inWords(Math.round(expectedReturns))} may come back, worth ${inWords(valueAtRisk)}.`],
  figures: { expectedReturns, valueAtRisk },
});
