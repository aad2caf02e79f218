/** The two kinds of row file. */
export type RowFormat = 'csv' | 'ndjson';

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

/** Bytes of a row; columns of a CSV row; unreadable rows after which a file is refused; row numbers kept for each reason. */
export const rowLimits = { rowBytes: 262_144, columns: 1_000, misfits: 10_000, examples: 5 } as const;
