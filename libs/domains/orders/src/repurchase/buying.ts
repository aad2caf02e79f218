import type { OrderDataset } from '../dataset/order-dataset.js';
import { pricesPerUnit } from '../money.js';
import { at, lowerMedian } from '../numbers.js';
import { isCancellation } from '../order-line.js';
import { type DatasetLine, linesOf, valueOf } from '../purchases.js';
import { dayOf } from '../shop-time.js';

/** What a known customer bought. Amounts in ten-thousandths, logarithms with base 2. */
export interface Buying {
  readonly customer: number;
  readonly orders: number;
  readonly days: ReadonlySet<number>;
  readonly lines: number;
  readonly products: ReadonlySet<number>;
  readonly spent: number;
  /** The value of the largest line. */
  readonly largest: number;
  /** Cancelling invoices. */
  readonly cancellations: number;
  /** Sums over lines. */
  readonly quantityLogs: number;
  readonly priceLogs: number;
  /** Of the share of the known customers who bought the line's product. */
  readonly popularityLogs: number;
}

type Tally = { -readonly [Key in keyof Buying]: Buying[Key] } & { readonly days: Set<number>; readonly products: Set<number> };

/** By customer, in the order of the first purchases; and the lower median value of an order, guests' orders included. */
export function buyingOf(dataset: OrderDataset): { readonly buyings: readonly Buying[]; readonly usualOrder: number } {
  const tallies = new Map<number, Tally>();
  const orders = new Map<number, number>();
  const bought = linesOf(dataset).filter((line) => line.bought);
  for (const line of bought) {
    if (line.customer >= 0) count(tallyOf(tallies, line.customer), line, orders.has(line.invoice) ? undefined : dayOf(at(dataset.invoices.minute, line.invoice)));
    orders.set(line.invoice, (orders.get(line.invoice) ?? 0) + valueOf(line));
  }
  countPopularity(tallies, bought);
  countCancellations(tallies, dataset);
  return { buyings: [...tallies.values()], usualOrder: lowerMedian(orders.values()) };
}

function tallyOf(tallies: Map<number, Tally>, customer: number): Tally {
  const known = tallies.get(customer);
  if (known) return known;
  const sums = { spent: 0, largest: 0, cancellations: 0, quantityLogs: 0, priceLogs: 0, popularityLogs: 0 };
  const tally: Tally = { customer, orders: 0, days: new Set<number>(), lines: 0, products: new Set<number>(), ...sums };
  tallies.set(customer, tally);
  return tally;
}

/** `orderDay` is given with the first line of an order. */
function count(tally: Tally, line: DatasetLine, orderDay: number | undefined): void {
  if (orderDay !== undefined) {
    tally.orders += 1;
    tally.days.add(orderDay);
  }
  tally.lines += 1;
  tally.products.add(line.product);
  tally.spent += valueOf(line);
  tally.largest = Math.max(tally.largest, valueOf(line));
  tally.quantityLogs += Math.log2(line.quantity);
  tally.priceLogs += Math.log2(line.price / pricesPerUnit);
}

function countPopularity(tallies: ReadonlyMap<number, Tally>, bought: readonly DatasetLine[]): void {
  const buyers = new Map<number, number>();
  for (const { products } of tallies.values()) for (const product of products) buyers.set(product, (buyers.get(product) ?? 0) + 1);
  for (const { customer, product } of bought) {
    const tally = tallies.get(customer);
    if (tally) tally.popularityLogs += Math.log2((buyers.get(product) ?? 0) / tallies.size);
  }
}

function countCancellations(tallies: ReadonlyMap<number, Tally>, { invoices }: OrderDataset): void {
  for (const [invoice, number] of invoices.number.entries()) {
    const tally = isCancellation(number) ? tallies.get(at(invoices.customer, invoice)) : undefined;
    if (tally) tally.cancellations += 1;
  }
}
