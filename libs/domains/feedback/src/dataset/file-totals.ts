import type { FeedbackRow } from '../feedback-row.js';
import { type Mask, masks } from '../text/mask.js';

const maskPattern = new RegExp(masks.join('|'), 'g');

/** Counts over the usable rows. */
export class FileTotals {
  readonly #masked = new Map<Mask, number>(masks.map((name) => [name, 0]));
  readonly #characters: number[] = [];
  readonly #ratings = [0, 0, 0, 0, 0, 0];
  #titled = 0;
  #cut = 0;
  #foreign = 0;

  add({ title, text, rating, cut }: FeedbackRow, english: boolean): void {
    for (const found of `${title} ${text}`.match(maskPattern) ?? []) this.#masked.set(found as Mask, (this.#masked.get(found as Mask) ?? 0) + 1);
    this.#characters.push(title.length + text.length);
    this.#ratings[rating] = (this.#ratings[rating] ?? 0) + 1;
    if (title !== '') this.#titled += 1;
    if (cut) this.#cut += 1;
    if (!english) this.#foreign += 1;
  }

  /** Lengths are in UTF-16 units of title and text, after masking; `ratings` counts the ratings of 1 to 5. */
  report() {
    const sorted = this.#characters.toSorted((a, b) => a - b);
    const share = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
    return {
      titled: this.#titled,
      notEnglish: this.#foreign,
      cut: this.#cut,
      masked: Object.fromEntries(masks.map((name) => [name.slice(1, -1), this.#masked.get(name) ?? 0])),
      characters: { median: share(0.5), ninetiethPercentile: share(0.9), longest: share(1) },
      ratings: this.#ratings.slice(1),
    };
  }
}
