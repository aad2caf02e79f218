import { Peers } from '../anomalies/peers.js';
import type { OrderDataset } from '../dataset/order-dataset.js';
import { pricesPerUnit } from '../money.js';
import { at } from '../numbers.js';
import { type DatasetLine, linesOf } from '../purchases.js';
import { History } from './history.js';
import { wordScore, type WordWeights } from './words.js';

/**
 * The columns of the model's input. The Python twin is tools/models/orders-returns/features.py; change both or neither.
 * All but `quantity_vs_usual` are as of the moment of the purchase: of invoices of the same export that are strictly earlier. Logarithms have base 2.
 */
export const featureNames = [
  'quantity',
  'quantity_vs_usual',
  'price',
  'value',
  'invoice_quantity',
  'words',
  'orders_before',
  'spent_before',
  'cancellations_before',
  'lines_cancelled_before',
  'value_cancelled_before',
  'share_cancelled_before',
  'product_lines_before',
  'product_share_cancelled_before',
  'bought_before',
  'cancelled_before',
] as const;

export type Features = Readonly<Record<(typeof featureNames)[number], number>>;

export interface Purchase extends DatasetLine {
  readonly features: Features;
}

/** Purchased lines of known customers, in the order of the export. */
export function purchasesOf(dataset: OrderDataset, weights: WordWeights): Purchase[] {
  const lines = linesOf(dataset);
  const own = ownFeatures(dataset, lines, weights);
  const history = new History();
  const purchases: Purchase[] = [];
  for (const together of byMinute(lines, dataset.invoices.minute)) {
    for (const line of together) {
      const features = own.get(line.line);
      if (features) purchases.push({ ...line, features: { ...features, ...history.featuresBefore(line) } });
    }
    for (const line of together) history.add(line);
  }
  return purchases.toSorted((a, b) => a.line - b.line);
}

/** Lines of the same minute together, the earliest first: they do not see each other. */
function byMinute(lines: readonly DatasetLine[], minutes: readonly number[]): DatasetLine[][] {
  const groups = new Map<number, DatasetLine[]>();
  for (const line of lines) {
    const minute = at(minutes, line.invoice);
    const group = groups.get(minute);
    if (group) group.push(line);
    else groups.set(minute, [line]);
  }
  return [...groups].toSorted(([a], [b]) => a - b).map(([, group]) => group);
}

/** Of each purchased line of a known customer, by the line's number. */
function ownFeatures({ products }: OrderDataset, lines: readonly DatasetLine[], weights: WordWeights) {
  const bought = lines.filter((line) => line.bought);
  const quantities = new Peers(bought.map(({ product }) => product), Float64Array.from(bought, ({ quantity }) => quantity));
  const words = products.description.map((description) => wordScore(description, weights));
  const invoiceQuantities = invoiceMeans(bought);
  const known = [...bought.entries()].filter(([, { customer }]) => customer >= 0);
  return new Map(known.map(([index, line]) => [line.line, describe(line, quantities.usual(index), invoiceQuantities.get(line.invoice) ?? 0, at(words, line.product))]));
}

const describe = ({ quantity, price }: DatasetLine, usual: number, invoiceQuantity: number, words: number) => ({
  quantity: Math.log2(quantity),
  quantity_vs_usual: Math.log2(quantity) - Math.log2(usual),
  price: Math.log2(price / pricesPerUnit),
  value: Math.log2((quantity * price) / pricesPerUnit),
  invoice_quantity: invoiceQuantity,
  words,
});

/** The mean logarithm of the quantities of each invoice. */
function invoiceMeans(bought: readonly DatasetLine[]): Map<number, number> {
  const sums = new Map<number, { logs: number; lines: number }>();
  for (const { invoice, quantity } of bought) {
    const { logs, lines } = sums.get(invoice) ?? { logs: 0, lines: 0 };
    sums.set(invoice, { logs: logs + Math.log2(quantity), lines: lines + 1 });
  }
  return new Map([...sums].map(([invoice, { logs, lines }]) => [invoice, logs / lines]));
}
