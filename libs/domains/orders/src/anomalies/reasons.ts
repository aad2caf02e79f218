import { pricesPerUnit } from '../money.js';
import type { Features } from './features.js';

/** A line with what it is compared with. Prices in ten-thousandths. */
export interface JudgedLine {
  /** As sent; negative on cancellations. */
  readonly quantity: number;
  readonly price: number;
  readonly usualQuantity: number;
  readonly usualPrice: number;
  readonly features: Features;
}

type Reason = (line: JudgedLine) => string | false;

const tell = (price: number): string => (price % 100 === 0 ? (price / pricesPerUnit).toFixed(2) : String(price / pricesPerUnit));

function compared(log2: number): string {
  const ratio = Number((2 ** Math.abs(log2)).toPrecision(2));
  return log2 > 0 ? `${ratio} times` : `1/${ratio} of`;
}

const noticeable = { priceLog2: Math.log2(1.5), quantityLog2: 2, swappedShare: 0.1, valueShare: 0.5 };

const reasons: readonly Reason[] = [
  ({ quantity, features }) =>
    features.wrong_sign === 1 && (quantity < 0 ? `the quantity is ${quantity}, but the invoice is no cancellation` : `the quantity is ${quantity}, but the invoice is a cancellation`),
  ({ price, usualPrice, features }) =>
    features.price_swapped >= noticeable.swappedShare && `the price ${tell(price)} is another line’s price with two digits swapped; usual is ${tell(usualPrice)}`,
  ({ price, usualPrice, features }) =>
    Math.abs(features.price_vs_usual) >= noticeable.priceLog2 && `the price ${tell(price)} is ${compared(features.price_vs_usual)} the product’s usual ${tell(usualPrice)}`,
  ({ quantity, usualQuantity, features }) =>
    Math.abs(features.quantity_vs_usual) >= noticeable.quantityLog2 && `the quantity ${Math.abs(quantity)} is ${compared(features.quantity_vs_usual)} the product’s usual ${usualQuantity}`,
  ({ quantity, usualQuantity, features }) =>
    features.quantity_swapped >= noticeable.swappedShare && `the quantity ${Math.abs(quantity)} is another line’s quantity with two digits swapped; usual is ${usualQuantity}`,
  ({ features }) =>
    features.value_share >= noticeable.valueShare && features.invoice_lines >= 2 && `the line makes ${Math.round(features.value_share * 100)} % of the invoice’s value`,
  ({ price, features }) => features.price_same === 0 && features.product_lines >= 2 && `no other line of the product has the price ${tell(price)}`,
];

const mostReasons = 3;

/** Why a line stands out, in plain words, the plainest first; at least one. */
export function reasonsFor(line: JudgedLine): string[] {
  const told = reasons.map((reason) => reason(line)).filter((reason) => reason !== false);
  return told.length > 0 ? told.slice(0, mostReasons) : ['quantity, price and value are unusual together for this product'];
}
