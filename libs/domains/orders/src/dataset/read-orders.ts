import { type RowFormat, readRows, type RowReport } from '@millrace/frame';
import { orderErrors } from '../errors.js';
import { orderColumns } from '../order-columns.js';
import { type LineFault, parseLine, wholeLine } from '../order-line.js';
import { DatasetBuilder } from './dataset-builder.js';
import { ExportTotals } from './export-totals.js';
import type { OrderDataset } from './order-dataset.js';

export interface ReadOrders {
  readonly dataset: OrderDataset;
  readonly totals: ExportTotals;
  readonly rows: RowReport;
}

/**
 * Turns an export into a dataset of its usable lines. A line equal to an earlier one in all columns that count is a duplicate.
 * Throws MILLRACE_ORDERS_NOTHING_USABLE when no line is left, and MILLRACE_ROWS_… for a file that cannot be read.
 */
export function readOrders(bytes: Uint8Array, format: RowFormat): ReadOrders {
  const builder = new DatasetBuilder();
  const totals = new ExportTotals();
  const seen = new Set<string>();
  const take = (cells: readonly string[], row: number): LineFault | undefined => {
    const key = cells.join('\u001F');
    const duplicate = seen.has(key);
    seen.add(key);
    const sent = parseLine(cells);
    totals.add(sent, duplicate);
    const line = wholeLine(sent);
    if (typeof line === 'string') return line;
    return duplicate ? 'duplicate' : builder.add(line, row);
  };
  const rows = readRows(bytes, format, orderColumns, take);
  if (rows.accepted === 0) throw nothingUsable(rows);
  return { dataset: builder.build(), totals, rows };
}

function nothingUsable({ rows, rejected, examples }: RowReport): Error {
  const reasons = Object.entries(rejected).map(([reason, count]) => `${count} × ${reason}`);
  const message = `none of the ${rows} lines can be used (${reasons.join(', ')}); correct the export and send it again`;
  return orderErrors.error('MILLRACE_ORDERS_NOTHING_USABLE', message, { detail: { rows, rejected, examples } });
}
