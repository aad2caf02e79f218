import type { OrderDataset } from '../dataset/order-dataset.js';
import { isCancellation } from '../order-line.js';
import { Peers } from './peers.js';

/**
 * The columns of the model's input. The Python twin is tools/models/orders-anomalies/features.py; change both or neither.
 * "Others" are the other lines of the same product in the same export. Quantities are absolute. Ratios are log2.
 */
export const featureNames = [
  'quantity',
  'quantity_vs_usual',
  'quantity_same',
  'quantity_tenth',
  'quantity_tenfold',
  'quantity_swapped',
  'quantity_same_in_invoice',
  'price_vs_usual',
  'price_nearest',
  'price_same',
  'price_swapped',
  'value_vs_invoice',
  'value_share',
  'wrong_sign',
  'product_lines',
  'invoice_lines',
] as const;

export type Features = Readonly<Record<(typeof featureNames)[number], number>>;

/** What lines are compared with. */
export class LinePeers {
  readonly quantities: Peers;
  readonly prices: Peers;
  readonly invoiceQuantities: Peers;
  readonly invoiceValues: Peers;
  readonly invoiceTotals: Float64Array;
  readonly wrongSigns: readonly boolean[];

  constructor({ invoices, lines }: OrderDataset) {
    const quantities = Float64Array.from(lines.quantity, Math.abs);
    const prices = Float64Array.from(lines.price);
    const values = quantities.map((quantity, index) => quantity * (prices[index] ?? 0));
    this.quantities = new Peers(lines.product, quantities);
    this.prices = new Peers(lines.product, prices);
    this.invoiceQuantities = new Peers(lines.invoice, quantities);
    this.invoiceValues = new Peers(lines.invoice, values);
    this.invoiceTotals = new Float64Array(invoices.number.length);
    for (const [index, invoice] of lines.invoice.entries()) this.invoiceTotals[invoice] = (this.invoiceTotals[invoice] ?? 0) + (values[index] ?? 0);
    this.wrongSigns = lines.invoice.map((invoice, index) => (lines.quantity[index] ?? 0) < 0 !== isCancellation(invoices.number[invoice] ?? ''));
  }

  featuresOf(line: number): Features {
    return {
      ...this.#quantityFeatures(line),
      ...this.#priceFeatures(line),
      ...this.#invoiceFeatures(line),
      wrong_sign: this.wrongSigns[line] ? 1 : 0,
      product_lines: Math.log2(this.prices.size(line)),
    };
  }

  #quantityFeatures(line: number) {
    const quantity = this.quantities.values[line] ?? 0;
    return {
      quantity: Math.log2(Math.max(quantity, 1)),
      quantity_vs_usual: Math.log2(Math.max(quantity, 1) / Math.max(this.quantities.usual(line), 1)),
      quantity_same: this.quantities.shareSame(line),
      quantity_tenth: quantity > 0 && quantity % 10 === 0 ? this.quantities.shareOf(line, quantity / 10) : 0,
      quantity_tenfold: quantity > 0 ? this.quantities.shareOf(line, quantity * 10) : 0,
      quantity_swapped: this.quantities.shareSwapped(line, quantity, 1),
    };
  }

  /** Digits of a price are those of its hundredths, unless it is finer than that. */
  #priceFeatures(line: number) {
    const price = this.prices.values[line] ?? 0;
    const unit = price % 100 === 0 ? 100 : 1;
    return {
      price_vs_usual: Math.log2(price / this.prices.usual(line)),
      price_nearest: this.prices.nearest(line),
      price_same: this.prices.shareSame(line),
      price_swapped: this.prices.shareSwapped(line, price / unit, unit),
    };
  }

  #invoiceFeatures(line: number) {
    const value = this.invoiceValues.values[line] ?? 0;
    const total = this.invoiceTotals[this.invoiceValues.groups[line] ?? 0] ?? 0;
    return {
      quantity_same_in_invoice: this.invoiceQuantities.shareSame(line),
      value_vs_invoice: Math.log2(Math.max(value, 1) / Math.max(this.invoiceValues.usual(line), 1)),
      value_share: value / Math.max(total, 1),
      invoice_lines: Math.log2(this.invoiceValues.size(line)),
    };
  }
}

/** The model's input for the lines from `from` to `to`, exclusively, row by row. */
export function featureMatrix(peers: LinePeers, from: number, to: number): Float32Array {
  const matrix = new Float32Array((to - from) * featureNames.length);
  for (let line = from; line < to; line++) {
    const features = peers.featuresOf(line);
    for (const [column, name] of featureNames.entries()) matrix[(line - from) * featureNames.length + column] = features[name];
  }
  return matrix;
}
