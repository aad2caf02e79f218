import { announcedColumns, formatOf, type RowFormat } from '@millrace/frame';
import { clickColumns } from '../clicks/click.js';
import { requiredNames } from '../summaries/summary-columns.js';
import { exchangeSeparators } from './separators.js';

/** What the beginning of a file says that it is. */
export interface Announcement {
  readonly format: RowFormat;
  /** Of CSV. */
  readonly separator: ',' | ';';
  readonly kind: 'clicks' | 'summaries';
  readonly columns: readonly string[];
}

/** Undefined for what is neither click events nor session summaries. */
export function announcementOf(contentType: string, head: string): Announcement | undefined {
  const format = formatOf(contentType, head);
  return announced(format, ',', announcedColumns(format, head)) ?? (format === 'csv' ? announced(format, ';', semicolonColumns(head)) : undefined);
}

const semicolonColumns = (head: string): readonly string[] => announcedColumns('csv', exchangeSeparators(head)).map(exchangeSeparators);

function announced(format: RowFormat, separator: Announcement['separator'], columns: readonly string[]): Announcement | undefined {
  const has = (needed: readonly string[]): boolean => needed.every((column) => columns.includes(column));
  if (has(clickColumns.required)) return { format, separator, kind: 'clicks', columns };
  if (has(requiredNames)) return { format, separator, kind: 'summaries', columns };
  return undefined;
}
