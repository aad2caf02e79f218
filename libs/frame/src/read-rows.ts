import { rowParser } from './row-parsers.js';
import type { RowColumns, RowFormat, RowReport, TakeRow } from './rows.js';
import { utf8Bytes } from './utf8.js';

/** Reads UTF-8 text in memory at once, calling `take` with one row after another; see CsvParser, NdjsonParser and JsonParser. */
export function readRows(bytes: Uint8Array, format: RowFormat, columns: RowColumns, take: TakeRow): RowReport {
  const parser = rowParser(format, { columns }, take);
  parser.write(utf8Bytes(bytes));
  return parser.end();
}
