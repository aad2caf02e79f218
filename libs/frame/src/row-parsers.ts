import { CsvParser } from './csv.js';
import { JsonParser } from './json.js';
import { NdjsonParser } from './ndjson.js';
import type { RowColumns, RowFormat, RowParser, TakeRow } from './rows.js';

/** What a reader is to make of a file. */
export interface RowReading {
  readonly columns: RowColumns;
  /** Between the fields of CSV; default: a comma. */
  readonly separator?: ',' | ';' | '\t' | '|';
}

const parsers = {
  csv: ({ columns, separator }: RowReading, take: TakeRow): RowParser => new CsvParser(columns, take, separator),
  ndjson: ({ columns }: RowReading, take: TakeRow): RowParser => new NdjsonParser(columns, take),
  json: ({ columns }: RowReading, take: TakeRow): RowParser => new JsonParser(columns, take),
} as const satisfies Record<RowFormat, unknown>;

export const rowParser = (format: RowFormat, reading: RowReading, take: TakeRow): RowParser => parsers[format](reading, take);
