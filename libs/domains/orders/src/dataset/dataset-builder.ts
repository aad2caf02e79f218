import type { LineFault, WholeLine } from '../order-line.js';
import { Dictionary } from './dictionary.js';
import type { OrderDataset } from './order-dataset.js';

/** Collects usable lines into columns. */
export class DatasetBuilder {
  readonly #customers = new Dictionary();
  readonly #products = new Dictionary();
  readonly #invoices = new Dictionary();
  readonly #descriptions: string[] = [];
  readonly #buyers: number[] = [];
  readonly #minutes: number[] = [];
  readonly #lines = { invoice: [] as number[], product: [] as number[], quantity: [] as number[], price: [] as number[], row: [] as number[] };

  /** Refuses a line whose price is not positive or whose invoice was begun by another customer. */
  add(line: WholeLine, row: number): LineFault | undefined {
    if (line.price <= 0) return 'non-positive-price';
    const invoice = this.#invoices.positionOf(line.invoice);
    if (invoice === this.#buyers.length) this.#begin(line);
    else if (this.#buyerOf(invoice) !== line.customer) return 'mixed-customers';
    const product = this.#products.positionOf(line.product);
    this.#descriptions[product] ||= line.description.trim();
    this.#push(invoice, product, line, row);
    return undefined;
  }

  #begin({ customer, minute }: WholeLine): void {
    this.#buyers.push(customer === '' ? -1 : this.#customers.positionOf(customer));
    this.#minutes.push(minute);
  }

  #buyerOf(invoice: number): string {
    return this.#customers.names[this.#buyers[invoice] ?? -1] ?? '';
  }

  #push(invoice: number, product: number, { quantity, price }: WholeLine, row: number): void {
    this.#lines.invoice.push(invoice);
    this.#lines.product.push(product);
    this.#lines.quantity.push(quantity);
    this.#lines.price.push(price);
    this.#lines.row.push(row);
  }

  build(): Omit<OrderDataset, 'files'> {
    return {
      customers: this.#customers.names,
      products: { code: this.#products.names, description: this.#descriptions },
      invoices: { number: this.#invoices.names, customer: this.#buyers, minute: this.#minutes },
      lines: this.#lines,
    };
  }
}
