/** The kinds of row file: CSV with a header; one JSON object a line; a JSON array of objects, or an object with one under `rows`. */
export type RowFormat = 'csv' | 'ndjson' | 'json';

/** The columns that the caller wants, by name; all others are ignored. A CSV header has to name the required ones. */
export interface RowColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/**
 * Called with each row that could be read: the wanted cells as text, required columns first, then optional ones, in the order of RowColumns,
 * '' for what is absent; and the row's number. Returns why the row cannot be used, or nothing to accept it.
 * The cells may be kept.
 */
export type TakeRow = (cells: readonly string[], row: number) => string | undefined;

/** What came of reading a file. Rows are counted from 1, a header and empty lines not included. */
export interface RowReport {
  readonly rows: number;
  readonly accepted: number;
  /** Reason → number of rows. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Reason → the first few row numbers. */
  readonly examples: Readonly<Record<string, readonly number[]>>;
}

/** Takes a file's text piece by piece, as valid UTF-8, and calls a TakeRow for each row as soon as it is whole. */
export interface RowParser {
  write(text: Buffer): void;
  /** Throws MILLRACE_ROWS_EMPTY when there was no row. */
  end(): RowReport;
}

export const rowLimits = {
  /** Bytes of a row, as UTF-8. */
  rowBytes: 262_144,
  /** Columns of a CSV row, keys of an object. */
  columns: 1_000,
  rows: 2_000_000,
  /** Unreadable rows after which a file is refused. */
  misfits: 10_000,
  /** Row numbers kept for each reason. */
  examples: 5,
  /** Bytes that a compressed file may have when it is expanded. */
  expandedBytes: 200 * 1024 * 1024,
  /** Expanded bytes for each compressed one; small files may have more. */
  expansion: 100,
} as const;
