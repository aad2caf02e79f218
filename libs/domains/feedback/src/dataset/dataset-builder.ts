import type { FeedbackRow } from '../feedback-row.js';
import type { FeedbackDataset } from './feedback-dataset.js';

/** Collects usable rows into columns. */
export class DatasetBuilder {
  readonly #rows: number[] = [];
  readonly #titles: string[] = [];
  readonly #texts: string[] = [];
  readonly #english: boolean[] = [];
  readonly #ratings: number[] = [];
  readonly #recommended: Array<boolean | null> = [];
  readonly #departments: string[] = [];

  add(row: FeedbackRow, number: number, english: boolean): void {
    this.#rows.push(number);
    this.#titles.push(row.title);
    this.#texts.push(row.text);
    this.#english.push(english);
    this.#ratings.push(row.rating);
    this.#recommended.push(row.recommended);
    this.#departments.push(row.department);
  }

  build(): Omit<FeedbackDataset, 'files'> {
    return {
      row: this.#rows,
      title: this.#titles,
      text: this.#texts,
      english: this.#english,
      rating: this.#ratings,
      recommended: this.#recommended,
      department: this.#departments,
    };
  }
}
