import { type RowColumns, readRows, type RowReport, type TakeRow } from '@millrace/frame';
import type { Announcement } from './announcement.js';
import { exchangeSeparatorBytes, exchangeSeparators } from './separators.js';

/** A row file with what it announces. */
export class RowSource {
  constructor(
    readonly bytes: Uint8Array,
    readonly announcement: Announcement,
  ) {}

  /** Reads strictly, row by row; see readRows. */
  read(columns: RowColumns, take: TakeRow): RowReport {
    const { format, separator } = this.announcement;
    if (format !== 'csv' || separator === ',') return readRows(this.bytes, format, columns, take);
    return readRows(exchangeSeparatorBytes(this.bytes), format, columns, (cells, row) => take(cells.map(exchangeSeparators), row));
  }
}
