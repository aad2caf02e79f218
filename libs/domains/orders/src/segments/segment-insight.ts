import type { OrderDataset } from '../dataset/order-dataset.js';
import { amountOf, type Money } from '../money.js';
import { formatDay } from '../shop-time.js';
import { shortText } from '../short-text.js';
import { type Customer, customersOf } from './customers.js';
import { quintiles } from './quintiles.js';
import { type Segment, segmentOf, segments, type Scores } from './segment.js';

interface Scored extends Customer {
  readonly scores: Scores;
  readonly segment: Segment;
}

const topCustomers = 10;

/** Counts and revenue by segment, and the customers with the highest revenue. Amounts are in the export's currency. */
export function segmentInsight(dataset: OrderDataset) {
  const { asOfDay, buyers, withoutPurchase, guestRevenue } = customersOf(dataset);
  const scored = score(buyers);
  const revenue = sum(scored);
  return {
    asOf: formatDay(asOfDay),
    customers: scored.length,
    customersWithoutPurchase: withoutPurchase,
    revenue: amountOf(revenue),
    guestRevenue: amountOf(guestRevenue),
    segments: segments.map((segment) => summary(segment, scored, revenue)),
    topCustomers: byRevenue(scored).slice(0, topCustomers).map(topCustomer),
  };
}

function score(buyers: readonly Customer[]): Scored[] {
  const recency = quintiles(buyers.map(({ recencyDays }) => -recencyDays));
  const frequency = quintiles(buyers.map(({ orders }) => orders));
  const monetary = quintiles(buyers.map(({ revenue }) => Number(revenue)));
  return buyers.map((buyer, index) => {
    const scores = { recency: recency[index] ?? 1, frequency: frequency[index] ?? 1, monetary: monetary[index] ?? 1 };
    return { ...buyer, scores, segment: segmentOf(scores, buyer.orders) };
  });
}

function summary(name: Segment, scored: readonly Scored[], total: Money) {
  const members = scored.filter(({ segment }) => segment === name);
  const revenue = sum(members);
  return {
    name,
    customers: members.length,
    orders: members.reduce((orders, member) => orders + member.orders, 0),
    revenue: amountOf(revenue),
    revenueShare: total > 0n ? Math.round((Number(revenue) / Number(total)) * 10_000) / 10_000 : 0,
  };
}

const topCustomer = ({ id, segment, scores, orders, revenue, recencyDays }: Scored) => ({
  customer: shortText(id),
  segment,
  scores: `${scores.recency}${scores.frequency}${scores.monetary}`,
  orders,
  revenue: amountOf(revenue),
  recencyDays,
});

const sum = (customers: readonly Customer[]): Money => customers.reduce((total, { revenue }) => total + revenue, 0n);

/** Highest first; equal ones by id. */
const byRevenue = (scored: readonly Scored[]): Scored[] =>
  scored.toSorted((a, b) => (a.revenue === b.revenue ? Number(a.id > b.id) - Number(a.id < b.id) : a.revenue > b.revenue ? -1 : 1));
