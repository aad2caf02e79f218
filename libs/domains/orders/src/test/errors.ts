import type { OrderDataset } from '../dataset/order-dataset.js';
import { type DatasetLine, linesOf } from '../purchases.js';

/** What an error makes of quantity and price (in ten-thousandths); undefined where it does not fit the line. */
type ErrorKind = (line: DatasetLine, other: DatasetLine) => readonly [quantity: number, price: number] | undefined;

const kinds: readonly ErrorKind[] = [
  ({ quantity, price }) => [Number(`${quantity}${Math.abs(quantity)}`), price], // keyed twice
  ({ quantity, price }) => [quantity * 10 + Math.sign(quantity) * 5, price], // a digit too many
  ({ quantity, price }) => (price >= 20_000 ? [quantity, Math.round(price / 10_000) * 100] : undefined), // pounds taken for pence
  ({ quantity, price }) => (quantity > 1 ? [quantity, quantity * price] : undefined), // the line's total as its price
  ({ quantity, price }) => (quantity > 0 && price % 10_000 === 0 && price / 10_000 !== quantity ? [price / 10_000, quantity * 10_000] : undefined), // columns swapped
  ({ quantity, price }, other) => (Math.max(price, other.price) / Math.min(price, other.price) > 1.25 ? [quantity, other.price] : undefined), // the price of another line
  ({ quantity, price }) => [-quantity, price], // a wrong sign
];

/** One error in every tenth invoice, kinds in turn, always in the same places; and which invoices have one. For specs. */
export function withErrors(dataset: OrderDataset) {
  const lines = linesOf(dataset);
  const [quantity, price] = [[...dataset.lines.quantity], [...dataset.lines.price]];
  const wrong = new Set<number>();
  for (let invoice = 3; invoice < dataset.invoices.number.length; invoice += 10) {
    const own = lines.filter((line) => line.invoice === invoice);
    const line = own[(wrong.size * 7) % own.length];
    const other = lines[(wrong.size * 7919) % lines.length];
    const values = line && other && firstFit(line, other, wrong.size);
    if (!values) continue;
    wrong.add(invoice);
    [quantity[line.line], price[line.line]] = values;
  }
  return { dataset: { ...dataset, lines: { ...dataset.lines, quantity, price } }, wrong };
}

/** The error whose turn it is, or the next that fits. */
function firstFit(line: DatasetLine, other: DatasetLine, turn: number) {
  for (let offset = 0; offset < kinds.length; offset++) {
    const values = kinds[(turn + offset) % kinds.length]?.(line, other);
    if (values) return values;
  }
  return undefined;
}
