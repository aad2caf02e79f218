import { amountOf, lineValue, type Money } from '../money.js';
import { isCancellation, type OrderLine } from '../order-line.js';
import { formatMinute } from '../shop-time.js';

/** Counts over all lines as sent that have as many columns as the header, whether they are usable or not. */
export class ExportTotals {
  readonly #invoices = new Set<string>();
  readonly #customers = new Set<string>();
  #guests = 0;
  #cancellations = 0;
  #nonPositivePrices = 0;
  #emptyDescriptions = 0;
  #duplicates = 0;
  #first = Infinity;
  #last = -Infinity;
  #total: Money = 0n;

  add(line: OrderLine, duplicate: boolean): void {
    if (line.invoice !== '') this.#invoices.add(line.invoice);
    if (line.customer === '') this.#guests += 1;
    else this.#customers.add(line.customer);
    if (isCancellation(line.invoice)) this.#cancellations += 1;
    if (line.description.trim() === '') this.#emptyDescriptions += 1;
    if (duplicate) this.#duplicates += 1;
    this.#addValues(line);
  }

  #addValues({ minute, price, quantity }: OrderLine): void {
    if (minute !== undefined) {
      this.#first = Math.min(this.#first, minute);
      this.#last = Math.max(this.#last, minute);
    }
    if (price === undefined) return;
    if (price <= 0) this.#nonPositivePrices += 1;
    if (quantity !== undefined) this.#total += lineValue(quantity, price);
  }

  /** `total` is Σ quantity × price over the lines where both can be parsed; dates are null when none can. */
  report() {
    return {
      invoices: this.#invoices.size,
      customers: this.#customers.size,
      guestLines: this.#guests,
      cancellationLines: this.#cancellations,
      nonPositivePriceLines: this.#nonPositivePrices,
      emptyDescriptionLines: this.#emptyDescriptions,
      duplicateLines: this.#duplicates,
      total: amountOf(this.#total),
      firstDate: Number.isFinite(this.#first) ? formatMinute(this.#first) : null,
      lastDate: Number.isFinite(this.#last) ? formatMinute(this.#last) : null,
    };
  }
}
