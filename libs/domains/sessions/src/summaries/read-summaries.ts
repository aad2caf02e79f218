import type { RowColumns, TakeRow } from '@millrace/frame';
import { sumOf } from '../numbers.js';
import { optionalNames, requiredNames, type SummaryColumn, summaryColumns } from './summary-columns.js';
import type { SummaryDataset } from './summary-dataset.js';

/** Rows of one file, with the columns that it announces. */
interface SummaryRows {
  readonly names: readonly SummaryColumn[];
  readonly values: Array<readonly number[]>;
}

/** Collects session summaries. A column counts as sent when a file announces it, and then each of its rows must fill it. */
export class SummaryCollector {
  readonly #files: SummaryRows[] = [];
  readonly #numbers: number[] = [];

  /** How a file that announces `columns` is to be read; `rowsBefore` are those of the files before it. */
  reading(columns: readonly string[], rowsBefore = 0): { readonly columns: RowColumns; readonly take: TakeRow } {
    const optional = optionalNames.filter((name) => columns.includes(name));
    const rows: SummaryRows = { names: [...requiredNames, ...optional], values: [] };
    this.#files.push(rows);
    const take: TakeRow = (cells, row) => {
      const values = parseSummary(rows.names, cells);
      if (typeof values === 'string') return values;
      rows.values.push(values);
      this.#numbers.push(rowsBefore + row);
      return undefined;
    };
    return { columns: { required: requiredNames, optional }, take };
  }

  /** Undefined without a row. Of the optional columns there are those that all files have. */
  dataset(): SummaryDataset | undefined {
    if (this.#numbers.length === 0) return undefined;
    const optional = optionalNames.filter((name) => this.#files.every(({ names }) => names.includes(name)));
    const column = (name: SummaryColumn): readonly number[] => this.#files.flatMap(({ names, values }) => values.map((row) => row[names.indexOf(name)] ?? 0));
    const columns = {
      Administrative: column('Administrative'),
      Administrative_Duration: column('Administrative_Duration'),
      Informational: column('Informational'),
      Informational_Duration: column('Informational_Duration'),
      ProductRelated: column('ProductRelated'),
      ProductRelated_Duration: column('ProductRelated_Duration'),
      BounceRates: column('BounceRates'),
      ExitRates: column('ExitRates'),
      ...Object.fromEntries(optional.map((name) => [name, column(name)])),
    };
    return { row: this.#numbers, columns };
  }
}

/** The row's values in the order of `names`, or what is wrong with the first that cannot be read. */
function parseSummary(names: readonly SummaryColumn[], cells: readonly string[]): readonly number[] | string {
  const values: number[] = [];
  for (const [place, name] of names.entries()) {
    const { parse, fault } = summaryColumns[name];
    const value = parse(cells[place] ?? '');
    if (value === undefined) return fault;
    values.push(value);
  }
  return values;
}

/** What the report tells of usable summaries; without Revenue nothing about purchases. */
export function summaryReport({ row, columns }: SummaryDataset) {
  return {
    sessions: row.length,
    repeatedRows: row.length - distinctRows(Object.values(columns), row.length),
    months: [...new Set(columns.Month)].toSorted((a, b) => a - b),
    absentColumns: optionalNames.filter((name) => !columns[name]),
    ...(columns.Revenue ? { purchases: sumOf(columns.Revenue) } : {}),
  };
}

/** Equal rows are kept, for sessions have no id, and short ones do come out equal. */
const distinctRows = (columns: ReadonlyArray<readonly number[]>, rows: number): number =>
  new Set(Array.from({ length: rows }, (_, row) => columns.map((values) => values[row]).join())).size;
