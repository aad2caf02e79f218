import type { RowReport } from '@millrace/frame';
import type { RowSource } from '../dataset/row-source.js';
import { sumOf } from '../numbers.js';
import { optionalNames, requiredNames, type SummaryColumn, summaryColumns } from './summary-columns.js';
import type { SummaryDataset } from './summary-dataset.js';

export interface ReadSummaries {
  readonly dataset: SummaryDataset;
  readonly rows: RowReport;
  /** Usable rows that equal an earlier one. They are kept: sessions have no id, and short ones do come out equal. */
  readonly repeated: number;
}

/**
 * Reads session summaries. A column counts as sent when the file announces it, and then each row must fill it.
 * Throws MILLRACE_ROWS_… for a file that cannot be read.
 */
export function readSummaries(source: RowSource): ReadSummaries {
  const optional = optionalNames.filter((name) => source.announcement.columns.includes(name));
  const names: readonly SummaryColumn[] = [...requiredNames, ...optional];
  const kept: Array<readonly number[]> = [];
  const numbers: number[] = [];
  const rows = source.read({ required: requiredNames, optional }, (cells, row) => {
    const values = parseSummary(names, cells);
    if (typeof values === 'string') return values;
    kept.push(values);
    numbers.push(row);
    return undefined;
  });
  const distinct = new Set(kept.map((values) => values.join()));
  return { dataset: { kind: 'summaries', row: numbers, columns: columnsOf(names, kept) }, rows, repeated: kept.length - distinct.size };
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

function columnsOf(names: readonly SummaryColumn[], rows: ReadonlyArray<readonly number[]>): SummaryDataset['columns'] {
  const column = (name: SummaryColumn): readonly number[] => rows.map((values) => values[names.indexOf(name)] ?? 0);
  return {
    Administrative: column('Administrative'),
    Administrative_Duration: column('Administrative_Duration'),
    Informational: column('Informational'),
    Informational_Duration: column('Informational_Duration'),
    ProductRelated: column('ProductRelated'),
    ProductRelated_Duration: column('ProductRelated_Duration'),
    BounceRates: column('BounceRates'),
    ExitRates: column('ExitRates'),
    ...Object.fromEntries(names.slice(requiredNames.length).map((name) => [name, column(name)])),
  };
}

/** What the report tells of usable summaries; without Revenue nothing about purchases. */
export function summaryReport({ row, columns }: SummaryDataset, repeated: number) {
  return {
    sessions: row.length,
    repeatedRows: repeated,
    months: [...new Set(columns.Month)].toSorted((a, b) => a - b),
    absentColumns: optionalNames.filter((name) => !columns[name]),
    ...(columns.Revenue ? { purchases: sumOf(columns.Revenue) } : {}),
  };
}
