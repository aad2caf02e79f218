import type { OrderDataset } from '../dataset/order-dataset.js';
import { at } from '../numbers.js';
import { exportDays, linesOf, valueOf } from '../purchases.js';
import { dayOf } from '../shop-time.js';
import { isGoods } from './goods.js';

/** Sales of goods by day, of at most the last four weeks of an export; the last day is the export's. Amounts in ten-thousandths. */
export interface Sales {
  /** In days since 1970. */
  readonly lastDay: number;
  /** Purchases less cancellations. */
  readonly net: readonly number[];
  /** The value of each order: an invoice with a purchased line. */
  readonly orders: ReadonlyArray<readonly number[]>;
}

const mostDays = 28;

export function salesOf(dataset: OrderDataset): Sales {
  const { last, span } = exportDays(dataset);
  const days = Math.min(span, mostDays);
  const goods = dataset.products.code.map(isGoods);
  const dayOfInvoice = (invoice: number): number => dayOf(at(dataset.invoices.minute, invoice)) - (last - days + 1);
  const net = Array.from({ length: days }, () => 0);
  const values = new Map<number, number>();
  for (const line of linesOf(dataset).filter(({ product, invoice }) => goods[product] && dayOfInvoice(invoice) >= 0)) {
    const day = dayOfInvoice(line.invoice);
    net[day] = at(net, day) + valueOf(line);
    if (line.bought) values.set(line.invoice, (values.get(line.invoice) ?? 0) + valueOf(line));
  }
  const orders = Array.from({ length: days }, (): number[] => []);
  for (const [invoice, value] of values) orders[dayOfInvoice(invoice)]?.push(value);
  return { lastDay: last, net, orders };
}
