import { type RowFormat, readRows, type RowReport } from '@millrace/frame';
import { feedbackErrors } from '../errors.js';
import { parseRow, type RowFault } from '../feedback-row.js';
import { feedbackColumns, type FeedbackKind } from '../message-columns.js';
import { isEnglish } from '../text/language.js';
import { DatasetBuilder } from './dataset-builder.js';
import type { FeedbackDataset } from './feedback-dataset.js';
import { FileTotals } from './file-totals.js';

export interface ReadFeedback {
  readonly dataset: FeedbackDataset;
  readonly totals: FileTotals;
  readonly rows: RowReport;
}

/**
 * Turns a file into a dataset of its usable rows. A row equal to an earlier one in all columns that count, as sent, is a duplicate.
 * Throws MILLRACE_FEEDBACK_NOTHING_USABLE when no row is left, and MILLRACE_ROWS_… for a file that cannot be read.
 */
export function readFeedback(bytes: Uint8Array, format: RowFormat, kind: FeedbackKind): ReadFeedback {
  const builder = new DatasetBuilder(kind);
  const totals = new FileTotals();
  const seen = new Set<string>();
  const take = (cells: readonly string[], number: number): RowFault | undefined => {
    const row = parseRow(kind, cells);
    if (typeof row === 'string') return row;
    const before = seen.size;
    if (seen.add(cells.join('\u001F')).size === before) return 'duplicate';
    const english = isEnglish(`${row.title}. ${row.text}`);
    builder.add(row, number, english);
    totals.add(row, english);
    return undefined;
  };
  const rows = readRows(bytes, format, feedbackColumns[kind], take);
  if (rows.accepted === 0) throw nothingUsable(rows);
  return { dataset: builder.build(), totals, rows };
}

function nothingUsable({ rows, rejected, examples }: RowReport): Error {
  const reasons = Object.entries(rejected).map(([reason, count]) => `${count} × ${reason}`);
  const message = `none of the ${rows} rows can be used (${reasons.join(', ')}); correct the export and send it again`;
  return feedbackErrors.error('MILLRACE_FEEDBACK_NOTHING_USABLE', message, { detail: { rows, rejected, examples } });
}
