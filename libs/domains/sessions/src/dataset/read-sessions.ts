import { formatOf, type RowReport } from '@millrace/frame';
import { clickColumns } from '../clicks/click.js';
import { clickReport, readClicks } from '../clicks/read-clicks.js';
import { sessionErrors } from '../errors.js';
import { readSummaries, summaryReport } from '../summaries/read-summaries.js';
import { requiredNames } from '../summaries/summary-columns.js';
import { announcementOf } from './announcement.js';
import { RowSource } from './row-source.js';
import type { SessionDataset } from './session-dataset.js';

export interface ReadSessions {
  readonly dataset: SessionDataset;
  /** Counts of what was sent and what was left out. */
  readonly report: Readonly<Record<string, unknown>>;
}

/** Enough of the file for its header or its first object. */
const headBytes = 65_536;

/**
 * Turns an export of click events or of session summaries into a dataset of its usable rows.
 * Throws MILLRACE_SESSIONS_COLUMNS for other files, MILLRACE_SESSIONS_NOTHING_USABLE when no row is left, and MILLRACE_ROWS_… for a file that cannot be read.
 */
export function readSessions(bytes: Uint8Array, contentType: string): ReadSessions {
  const head = new TextDecoder().decode(bytes.subarray(0, headBytes));
  const announcement = announcementOf(contentType, head);
  if (!announcement) throw otherColumns(formatOf(contentType, head));
  const { dataset, rows, figures } = readKind(new RowSource(bytes, announcement));
  const { format, separator, kind } = announcement;
  const read = { format, ...(format === 'csv' ? { separator } : {}), kind, rows: rows.rows };
  return { dataset, report: { ...read, ...figures, accepted: rows.accepted, rejected: rows.rejected, examples: rows.examples } };
}

function readKind(source: RowSource): { readonly dataset: SessionDataset; readonly rows: RowReport; readonly figures: object } {
  if (source.announcement.kind === 'clicks') {
    const { dataset, rows } = readClicks(source);
    checkUsable(rows);
    return { dataset, rows, figures: clickReport(dataset) };
  }
  const { dataset, rows, repeated } = readSummaries(source);
  checkUsable(rows);
  return { dataset, rows, figures: summaryReport(dataset, repeated) };
}

function checkUsable({ rows, accepted, rejected, examples }: RowReport): void {
  if (accepted > 0) return;
  const reasons = Object.entries(rejected).map(([reason, count]) => `${count} × ${reason}`);
  const message = `none of the ${rows} rows can be used (${reasons.join(', ')}); correct the export and send it again`;
  throw sessionErrors.error('MILLRACE_SESSIONS_NOTHING_USABLE', message, { detail: { rows, rejected, examples } });
}

function otherColumns(format: string): Error {
  const message = `the ${format} file has neither the columns of click events (${clickColumns.required.join(', ')}) nor those of session summaries (${requiredNames.join(', ')})`;
  return sessionErrors.error('MILLRACE_SESSIONS_COLUMNS', message, { detail: { format } });
}
