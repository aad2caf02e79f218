import { rowErrors } from './errors.js';
import { type RowColumns, rowLimits } from './rows.js';

/** Picks the wanted cells of a record; undefined when the record's length is not the header's. */
export type PickCells = (record: readonly string[]) => readonly string[] | undefined;

/** Throws MILLRACE_ROWS_HEADER for a header that lacks a required column, names one twice or has too many. */
export function csvHeader(names: readonly string[], columns: RowColumns): PickCells {
  const header = names.map((name) => name.trim());
  const fault = headerFault(header, columns);
  if (fault) throw rowErrors.error('MILLRACE_ROWS_HEADER', `the first line is not the header that is needed: ${fault}`);
  const places = [...columns.required, ...columns.optional].map((name) => header.indexOf(name));
  return (record) => (record.length === header.length ? places.map((place) => record[place] ?? '') : undefined);
}

function headerFault(header: readonly string[], { required }: RowColumns): string | undefined {
  if (header.length > rowLimits.columns) return `it has ${header.length} columns; send at most ${rowLimits.columns}`;
  const missing = required.filter((name) => !header.includes(name));
  if (missing.length > 0) return `add the columns ${missing.join(', ')}`;
  const first = new Map<string, number>();
  for (const [index, name] of header.entries()) {
    const before = first.get(name);
    if (before !== undefined) return `columns ${before + 1} and ${index + 1} have the same name; name each column once`;
    first.set(name, index);
  }
  return undefined;
}
