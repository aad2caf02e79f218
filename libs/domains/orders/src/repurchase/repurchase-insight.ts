import type { OrderDataset } from '../dataset/order-dataset.js';
import { amountOf } from '../money.js';
import { at, probability, rounded } from '../numbers.js';
import { exportDays } from '../purchases.js';
import { formatDay } from '../shop-time.js';
import { shortText } from '../short-text.js';
import type { RatedCustomer } from './features.js';
import { repurchaseDays } from './model.js';

interface Scored extends RatedCustomer {
  readonly probability: number;
}

const listed = 10;
const likely = 0.6;
const unlikely = 0.3;

/** Who is likely to order again, and which customers of several orders are not. `scores` holds the log-odds of each customer. */
export function repurchaseInsight(dataset: OrderDataset, customers: readonly RatedCustomer[], scores: Float32Array) {
  const { last, span } = exportDays(dataset);
  const scored = customers.map((customer, index): Scored => ({ ...customer, probability: probability(at(scores, index)) }));
  const describe = (customer: Scored) => summary(customer, dataset.customers[customer.customer] ?? '');
  const lapsing = scored.filter((customer) => customer.orders > 1 && customer.probability < unlikely);
  return {
    asOf: formatDay(last),
    historyDays: span,
    withinDays: repurchaseDays,
    customers: scored.length,
    expected: rounded(scored.reduce((sum, customer) => sum + customer.probability, 0), 1),
    likely: scored.filter((customer) => customer.probability >= likely).length,
    unlikely: scored.filter((customer) => customer.probability < unlikely).length,
    mostLikely: scored.toSorted((a, b) => b.probability - a.probability || a.customer - b.customer).slice(0, listed).map(describe),
    lapsing: lapsing.toSorted((a, b) => b.spent - a.spent || a.customer - b.customer).slice(0, listed).map(describe),
  };
}

const summary = ({ probability, orders, spent, recencyDays }: Scored, id: string) => ({
  customer: shortText(id),
  probability,
  orders,
  spent: amountOf(BigInt(spent)),
  recencyDays,
});
