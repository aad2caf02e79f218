import { pricesPerUnit } from '../money.js';
import { type DatasetLine, valueOf } from '../purchases.js';

interface Tally {
  orders: number;
  lines: number;
  spent: number;
  cancellations: number;
  cancelledLines: number;
  cancelledValue: number;
}

const customerPriorLines = 20;
const productPrior = { lines: 15, cancelled: 0.3 };

/** What is known of customers and products at a moment of an export. */
export class History {
  readonly #customers = new Tallies();
  readonly #products = new Tallies();
  readonly #pairs = new Map<number, Tallies>();
  readonly #invoices = new Set<number>();

  /** What was known before a line, of its customer, its product and both together. Logarithms have base 2, values are in currency units. */
  featuresBefore({ customer, product }: DatasetLine) {
    const own = this.#customers.of(customer);
    const goods = this.#products.of(product);
    const pair = this.#pair(customer).of(product);
    return {
      orders_before: Math.log2(1 + own.orders),
      spent_before: Math.log2(1 + own.spent / pricesPerUnit),
      cancellations_before: Math.log2(1 + own.cancellations),
      lines_cancelled_before: Math.log2(1 + own.cancelledLines),
      value_cancelled_before: Math.log2(1 + own.cancelledValue / pricesPerUnit),
      share_cancelled_before: own.cancelledLines / (own.lines + customerPriorLines),
      product_lines_before: Math.log2(1 + goods.lines),
      product_share_cancelled_before: (goods.cancelledLines + productPrior.cancelled) / (goods.lines + productPrior.lines),
      bought_before: Math.log2(1 + pair.lines),
      cancelled_before: Math.log2(1 + pair.cancelledLines),
    };
  }

  /** What is neither bought nor cancelled counts for nothing. */
  add(line: DatasetLine): void {
    if (!line.bought && !line.cancelled) return;
    const own = this.#customers.of(line.customer);
    if (!this.#invoices.has(line.invoice)) own[line.cancelled ? 'cancellations' : 'orders'] += 1;
    this.#invoices.add(line.invoice);
    for (const tally of [own, this.#products.of(line.product), this.#pair(line.customer).of(line.product)]) count(tally, line);
  }

  #pair(customer: number): Tallies {
    const known = this.#pairs.get(customer);
    if (known) return known;
    const tallies = new Tallies();
    this.#pairs.set(customer, tallies);
    return tallies;
  }
}

/** Tallies by number, empty at first. */
class Tallies {
  readonly #tallies = new Map<number, Tally>();

  of(number: number): Tally {
    const known = this.#tallies.get(number);
    if (known) return known;
    const tally: Tally = { orders: 0, lines: 0, spent: 0, cancellations: 0, cancelledLines: 0, cancelledValue: 0 };
    this.#tallies.set(number, tally);
    return tally;
  }
}

function count(tally: Tally, line: DatasetLine): void {
  if (line.cancelled) {
    tally.cancelledLines += 1;
    tally.cancelledValue += Math.abs(valueOf(line));
  } else {
    tally.lines += 1;
    tally.spent += valueOf(line);
  }
}
