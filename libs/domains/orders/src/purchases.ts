import type { OrderDataset } from './dataset/order-dataset.js';
import { at } from './numbers.js';
import { isCancellation } from './order-line.js';
import { dayOf } from './shop-time.js';

/** A line of a dataset. Cancelled means that its invoice is a cancellation. */
export interface DatasetLine {
  readonly line: number;
  readonly invoice: number;
  readonly product: number;
  /** −1 for guests. */
  readonly customer: number;
  readonly quantity: number;
  /** In ten-thousandths. */
  readonly price: number;
  readonly cancelled: boolean;
  /** Positive and not of a cancellation. */
  readonly bought: boolean;
}

/** Every line, in the order of the export. */
export function linesOf({ invoices, lines }: OrderDataset): DatasetLine[] {
  const cancelling = invoices.number.map(isCancellation);
  return lines.invoice.map((invoice, line) => {
    const [quantity, cancelled] = [at(lines.quantity, line), cancelling[invoice] === true];
    return {
      line,
      invoice,
      product: at(lines.product, line),
      customer: invoices.customer[invoice] ?? -1,
      quantity,
      price: at(lines.price, line),
      cancelled,
      bought: quantity > 0 && !cancelled,
    };
  });
}

/** In ten-thousandths, as a number: features and forecasts need no exact sums. */
export const valueOf = ({ quantity, price }: DatasetLine): number => quantity * price;

/** What an export spans, in days since 1970. */
export interface ExportDays {
  readonly first: number;
  readonly last: number;
  /** First and last included. */
  readonly span: number;
}

export function exportDays({ invoices }: OrderDataset): ExportDays {
  const [first, last] = invoices.minute.reduce(([low, high], minute) => [Math.min(low, dayOf(minute)), Math.max(high, dayOf(minute))], [Infinity, -Infinity] as [number, number]);
  return { first, last, span: last - first + 1 };
}
