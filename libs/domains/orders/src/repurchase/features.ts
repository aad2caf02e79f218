import type { OrderDataset } from '../dataset/order-dataset.js';
import { at } from '../numbers.js';
import { exportDays } from '../purchases.js';
import { type Buying, buyingOf } from './buying.js';

/**
 * The columns of the model's input. The Python twin is tools/models/orders-repurchase/features.py; change both or neither.
 * An order is an invoice with a purchased line. Days are counted from the export's last day. Logarithms have base 2.
 */
export const featureNames = [
  'recency',
  'recency_share',
  'orders',
  'order_days',
  'tenure',
  'gap',
  'overdue',
  'rate',
  'days_of_last_30',
  'days_of_last_90',
  'value_vs_usual',
  'spent_vs_usual',
  'largest_vs_usual',
  'lines',
  'variety',
  'quantity',
  'price',
  'popularity',
  'cancellations',
  'history',
] as const;

export type Features = Readonly<Record<(typeof featureNames)[number], number>>;

export interface RatedCustomer extends Buying {
  readonly recencyDays: number;
  readonly features: Features;
}

const mostOverdue = 20;
/** Keeps the rate of a customer of a few days low. */
const settlingDays = 15;
const noGap = -1;

/** The known customers with a purchase. */
export function ratedCustomers(dataset: OrderDataset): RatedCustomer[] {
  const { last, span } = exportDays(dataset);
  const { buyings, usualOrder } = buyingOf(dataset);
  return buyings.map((buying) => {
    const days = Float64Array.from(buying.days).sort();
    const when = { ...rhythm(days, last, span), orders: Math.log2(buying.orders), cancellations: Math.log2(1 + buying.cancellations) };
    return { ...buying, recencyDays: last - at(days, days.length - 1), features: { ...when, ...worth(buying, usualOrder), ...basket(buying) } };
  });
}

/** When a customer bought; `days` in their order. */
function rhythm(days: Float64Array, lastDay: number, span: number) {
  const [first, last] = [at(days, 0), at(days, days.length - 1)];
  const [recency, tenure] = [lastDay - last, lastDay - first];
  const gap = days.length > 1 ? (last - first) / (days.length - 1) : undefined;
  return {
    recency: Math.log2(1 + recency),
    recency_share: recency / span,
    order_days: Math.log2(days.length),
    tenure: Math.log2(1 + tenure),
    gap: gap === undefined ? noGap : Math.log2(1 + gap),
    overdue: gap === undefined ? noGap : Math.min(recency / gap, mostOverdue),
    rate: days.length / (tenure + settlingDays),
    days_of_last_30: days.filter((day) => day > lastDay - 30).length,
    days_of_last_90: days.filter((day) => day > lastDay - 90).length,
    history: Math.log2(span),
  };
}

/** Against the usual value of an order of the export. */
const worth = ({ spent, orders, largest }: Buying, usual: number) => ({
  value_vs_usual: Math.log2(spent / orders / usual),
  spent_vs_usual: Math.log2(spent / usual),
  largest_vs_usual: Math.log2(largest / usual),
});

const basket = ({ lines, orders, products, quantityLogs, priceLogs, popularityLogs }: Buying) => ({
  lines: Math.log2(lines / orders),
  variety: products.size / lines,
  quantity: quantityLogs / lines,
  price: priceLogs / lines,
  popularity: popularityLogs / lines,
});
