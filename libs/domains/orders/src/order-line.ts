import { parsePrice } from './money.js';
import { parseMinute, type ShopMinute } from './shop-time.js';

/** A line as it was sent; undefined stands for what cannot be parsed. */
export interface OrderLine {
  readonly invoice: string;
  readonly product: string;
  readonly quantity: number | undefined;
  readonly minute: ShopMinute | undefined;
  /** In ten-thousandths. */
  readonly price: number | undefined;
  /** Empty for guests. */
  readonly customer: string;
  readonly description: string;
}

/** A line of which everything needed is there. */
export type WholeLine = OrderLine & { readonly quantity: number; readonly minute: ShopMinute; readonly price: number };

/** Why a line cannot be used. The first that applies counts, in this order. */
export type LineFault = 'missing-invoice' | 'missing-product' | 'bad-quantity' | 'bad-date' | 'bad-price' | 'duplicate' | 'non-positive-price' | 'mixed-customers';

const wholeNumber = /^-?\d{1,9}$/;

/** From cells in the order of `orderColumns`. */
export function parseLine(cells: readonly string[]): OrderLine {
  const [invoice = '', product = '', quantity = '', date = '', price = '', customer = '', description = ''] = cells;
  return {
    invoice,
    product,
    quantity: wholeNumber.test(quantity) ? Number(quantity) : undefined,
    minute: parseMinute(date),
    price: parsePrice(price),
    customer,
    description,
  };
}

/** The line if it is whole, else what is wrong with it. */
export function wholeLine(line: OrderLine): WholeLine | LineFault {
  const { quantity, minute, price } = line;
  if (line.invoice.trim() === '') return 'missing-invoice';
  if (line.product.trim() === '') return 'missing-product';
  if (quantity === undefined) return 'bad-quantity';
  if (minute === undefined) return 'bad-date';
  if (price === undefined) return 'bad-price';
  return { ...line, quantity, minute, price };
}

/** Cancellations have an invoice number that begins with C. */
export const isCancellation = (invoice: string): boolean => invoice.startsWith('C');
