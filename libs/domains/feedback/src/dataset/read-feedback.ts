import type { SourceFile } from '@millrace/domain';
import type { TakeRow } from '@millrace/frame';
import { parseRow, type RowFault } from '../feedback-row.js';
import type { FeedbackKind } from '../message-columns.js';
import { isEnglish } from '../text/language.js';
import { DatasetBuilder } from './dataset-builder.js';
import type { FeedbackDataset } from './feedback-dataset.js';
import { FileTotals } from './file-totals.js';

/** Collects the usable rows of files. A row equal to an earlier one of its kind in all columns that count, as sent, is a duplicate. */
export class FeedbackCollector {
  readonly totals = new FileTotals();
  readonly #builder = new DatasetBuilder();
  readonly #seen = new Set<string>();

  /** For one file; `rowsBefore` are those of the files before it. */
  taker(kind: FeedbackKind, rowsBefore = 0): TakeRow {
    return (cells, row) => this.#take(kind, cells, rowsBefore + row);
  }

  #take(kind: FeedbackKind, cells: readonly string[], number: number): RowFault | undefined {
    const row = parseRow(kind, cells);
    if (typeof row === 'string') return row;
    const known = this.#seen.size;
    if (this.#seen.add([kind, ...cells].join('\u001F')).size === known) return 'duplicate';
    const english = isEnglish(`${row.title}. ${row.text}`);
    this.#builder.add(row, number, english);
    this.totals.add(row, english);
    return undefined;
  }

  dataset(files: readonly SourceFile[]): FeedbackDataset {
    return { files, ...this.#builder.build() };
  }
}
