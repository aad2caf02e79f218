import { at } from '../numbers.js';
import type { OrderDataset } from '../dataset/order-dataset.js';
import { type DatasetLine, linesOf } from '../purchases.js';

/**
 * The purchased lines that the export itself shows as returned, by their numbers.
 * Each cancelled line of a known customer takes back one earlier purchase of the same product by that customer that no other has taken back:
 * the latest with the same quantity, else the latest. The Python twin is tools/models/orders-returns/returned.py; change both or neither.
 */
export function returnedLines(dataset: OrderDataset): Set<number> {
  const minuteOf = ({ invoice }: DatasetLine): number => at(dataset.invoices.minute, invoice);
  const known = linesOf(dataset).filter(({ customer }) => customer >= 0);
  const open = new Map<string, DatasetLine[]>();
  const returned = new Set<number>();
  for (const line of known.toSorted((a, b) => minuteOf(a) - minuteOf(b))) {
    const key = `${line.customer} ${line.product}`;
    const purchases = open.get(key) ?? [];
    if (line.bought) open.set(key, [...purchases, line]);
    if (!line.cancelled) continue;
    const taken = purchases.findLast(({ quantity }) => quantity === -line.quantity) ?? purchases.at(-1);
    if (!taken) continue;
    returned.add(taken.line);
    open.set(key, purchases.filter((purchase) => purchase !== taken));
  }
  return returned;
}
