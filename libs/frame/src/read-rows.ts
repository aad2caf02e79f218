import { readCsv } from './csv.js';
import { readNdjson } from './ndjson.js';
import type { RowColumns, RowFormat, RowReport, TakeRow } from './rows.js';

const readers = { csv: readCsv, ndjson: readNdjson } as const;

/** Reads a row file of either kind, calling `take` with one row after another; see readCsv and readNdjson. */
export function readRows(bytes: Uint8Array, format: RowFormat, columns: RowColumns, take: TakeRow): RowReport {
  return readers[format](bytes, columns, take);
}
