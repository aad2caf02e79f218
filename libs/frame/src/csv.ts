import { CsvError, type Options, parse } from 'csv-parse/sync';
import { csvHeader, type PickCells } from './csv-header.js';
import { checkRecordLengths } from './csv-records.js';
import { rowErrors } from './errors.js';
import { RowCounter } from './row-counter.js';
import { type RowColumns, rowLimits, type RowReport, type TakeRow } from './rows.js';
import { utf8Bytes } from './utf8.js';

/** Fields by comma, rows by LF or CRLF, strict quotes. Row lengths are checked here, so that one short row does not end the file. */
const dialect = {
  record_delimiter: ['\r\n', '\n'],
  relax_column_count: true,
  skip_empty_lines: true,
} as const satisfies Options;

/**
 * Reads a CSV file with a header. Rows of another length than the header's are rejected as `wrong-column-count`.
 * Throws MILLRACE_ROWS_NOT_UTF8, _TOO_LONG, _HEADER, _MALFORMED or _EMPTY, and whatever `take` throws.
 */
export function readCsv(bytes: Uint8Array, columns: RowColumns, take: TakeRow): RowReport {
  const counter = new RowCounter();
  let pick: PickCells | undefined;
  parseCsv(bytes, (record) => {
    if (!pick) {
      pick = csvHeader(record, columns);
      return;
    }
    const row = counter.next();
    const cells = pick(record);
    if (cells) counter.settle(take(cells, row));
    else if (record.length > rowLimits.columns) throw tooWide(row, record.length);
    else counter.misfit('wrong-column-count');
  });
  return counter.report();
}

function parseCsv(bytes: Uint8Array, onRecord: (record: readonly string[]) => void): void {
  const text = utf8Bytes(bytes);
  checkRecordLengths(text);
  const dropRecord = (record: readonly string[]): null => {
    onRecord(record);
    return null;
  };
  try {
    parse(text, { ...dialect, on_record: dropRecord });
  } catch (thrown) {
    throw thrown instanceof CsvError ? misplacedQuote(thrown) : thrown;
  }
}

/** Without the parser's own error as cause, because that quotes the data. */
function misplacedQuote(thrown: CsvError): Error {
  const line = Number(thrown['lines']);
  const message = `a quote is in the wrong place, noticed at line ${line}; quote the whole field and double the quotes in it`;
  return rowErrors.error('MILLRACE_ROWS_MALFORMED', message, { detail: { line, parser: thrown.code } });
}

const tooWide = (row: number, columns: number): Error =>
  rowErrors.error('MILLRACE_ROWS_MALFORMED', `row ${row} has ${columns} columns; send at most ${rowLimits.columns}`, { detail: { row, columns } });
