import type { OrderDataset } from '../dataset/order-dataset.js';
import { lineValue, type Money } from '../money.js';
import { isCancellation } from '../order-line.js';
import { dayOf } from '../shop-time.js';

/** A known customer who bought something. */
export interface Customer {
  readonly id: string;
  /** Days between the last purchase and the last day of the dataset. */
  readonly recencyDays: number;
  /** Distinct purchase invoices. */
  readonly orders: number;
  /** Purchases less cancellations; may be negative. */
  readonly revenue: Money;
}

export interface Customers {
  readonly asOfDay: number;
  readonly buyers: readonly Customer[];
  /** Known customers with cancellations only. */
  readonly withoutPurchase: number;
  readonly guestRevenue: Money;
}

/** An invoice is a purchase when it is not a cancellation and has a line with a positive quantity. */
export function customersOf({ customers, invoices, lines }: OrderDataset): Customers {
  const revenue = customers.map((): Money => 0n);
  const purchases = new Set<number>();
  let guestRevenue: Money = 0n;
  for (const [line, invoice] of lines.invoice.entries()) {
    const [quantity = 0, customer = -1] = [lines.quantity[line], invoices.customer[invoice]];
    const value = lineValue(quantity, lines.price[line] ?? 0);
    if (customer < 0) guestRevenue += value;
    else revenue[customer] = (revenue[customer] ?? 0n) + value;
    if (quantity > 0 && !isCancellation(invoices.number[invoice] ?? '')) purchases.add(invoice);
  }
  const asOfDay = invoices.minute.reduce((last, minute) => Math.max(last, dayOf(minute)), 0);
  const visits = visitsOf(invoices, purchases);
  const buyers = [...visits].map(([customer, { orders, lastDay }]) => ({
    id: customers[customer] ?? '',
    recencyDays: asOfDay - lastDay,
    orders,
    revenue: revenue[customer] ?? 0n,
  }));
  return { asOfDay, buyers, withoutPurchase: customers.length - visits.size, guestRevenue };
}

interface Visits {
  readonly orders: number;
  readonly lastDay: number;
}

function visitsOf(invoices: OrderDataset['invoices'], purchases: ReadonlySet<number>): Map<number, Visits> {
  const visits = new Map<number, Visits>();
  for (const invoice of purchases) {
    const customer = invoices.customer[invoice] ?? -1;
    if (customer < 0) continue;
    const { orders, lastDay } = visits.get(customer) ?? { orders: 0, lastDay: -Infinity };
    visits.set(customer, { orders: orders + 1, lastDay: Math.max(lastDay, dayOf(invoices.minute[invoice] ?? 0)) });
  }
  return visits;
}
