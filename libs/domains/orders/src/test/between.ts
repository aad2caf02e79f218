import type { OrderDataset } from '../dataset/order-dataset.js';
import { dayOf } from '../shop-time.js';

/** The part of a dataset whose invoices are of these days, both included; for specs. */
export function between({ files, customers, products, invoices, lines }: OrderDataset, first: number, last: number): OrderDataset {
  const kept = invoices.minute.map((minute) => dayOf(minute) >= first && dayOf(minute) <= last);
  const positions = new Map([...kept.keys()].filter((invoice) => kept[invoice]).map((invoice, position) => [invoice, position]));
  const keptLine = (_: unknown, line: number): boolean => kept[lines.invoice[line] ?? -1] === true;
  return {
    files,
    customers,
    products,
    invoices: {
      number: invoices.number.filter((_, invoice) => kept[invoice]),
      customer: invoices.customer.filter((_, invoice) => kept[invoice]),
      minute: invoices.minute.filter((_, invoice) => kept[invoice]),
    },
    lines: {
      invoice: lines.invoice.filter(keptLine).map((invoice) => positions.get(invoice) ?? -1),
      product: lines.product.filter(keptLine),
      quantity: lines.quantity.filter(keptLine),
      price: lines.price.filter(keptLine),
      row: lines.row.filter(keptLine),
    },
  };
}
