import type { SourceFile } from '@millrace/domain';
import type { TakeRow } from '@millrace/frame';
import { wholeLine, type LineFault, parseLine } from '../order-line.js';
import { DatasetBuilder } from './dataset-builder.js';
import { ExportTotals } from './export-totals.js';
import type { OrderDataset } from './order-dataset.js';

/** Collects the usable lines of exports. A line equal to an earlier one in all columns that count is a duplicate. */
export class OrderCollector {
  readonly totals = new ExportTotals();
  readonly #builder = new DatasetBuilder();
  readonly #seen = new Set<string>();

  /** For one export; `rowsBefore` are those of the exports before it. */
  taker(rowsBefore = 0): TakeRow {
    return (cells, row) => this.#take(cells, rowsBefore + row);
  }

  #take(cells: readonly string[], row: number): LineFault | undefined {
    const known = this.#seen.size;
    const duplicate = this.#seen.add(cells.join('\u001F')).size === known;
    const sent = parseLine(cells);
    this.totals.add(sent, duplicate);
    const line = wholeLine(sent);
    if (typeof line === 'string') return line;
    return duplicate ? 'duplicate' : this.#builder.add(line, row);
  }

  dataset(files: readonly SourceFile[]): OrderDataset {
    return { files, ...this.#builder.build() };
  }
}
