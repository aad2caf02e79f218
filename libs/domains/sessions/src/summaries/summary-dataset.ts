import type { RequiredColumn, SummaryColumn } from './summary-columns.js';

/** Usable session summaries as columns of numbers; a column that the export lacks is absent. Months are 1 to 12, flags 0 or 1, visitors coded. */
export interface SummaryDataset {
  /** The row, counted from 1 through all files; sessions have no other name. */
  readonly row: readonly number[];
  readonly columns: Readonly<Record<RequiredColumn, readonly number[]>> & Readonly<Partial<Record<SummaryColumn, readonly number[]>>>;
}

/** All pages of a session. */
export const pagesOf = ({ columns }: SummaryDataset, session: number): number =>
  (columns.Administrative[session] ?? 0) + (columns.Informational[session] ?? 0) + (columns.ProductRelated[session] ?? 0);

/** Seconds on all pages of a session. */
export const secondsOf = ({ columns }: SummaryDataset, session: number): number =>
  (columns.Administrative_Duration[session] ?? 0) + (columns.Informational_Duration[session] ?? 0) + (columns.ProductRelated_Duration[session] ?? 0);
