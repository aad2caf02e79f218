import { CsvError, type Options, parse } from 'csv-parse/sync';
import { type CsvBatch, CsvBatches } from './csv-batches.js';
import { csvHeader, type PickCells } from './csv-header.js';
import { rowErrors } from './errors.js';
import { RowCounter } from './row-counter.js';
import { type RowColumns, rowLimits, type RowParser, type RowReport, type TakeRow } from './rows.js';

/** Rows by LF or CRLF, strict quotes. Row lengths are checked here, so that one short row does not end the file. */
const dialect = {
  record_delimiter: ['\r\n', '\n'],
  relax_column_count: true,
  skip_empty_lines: true,
} as const satisfies Options;

/**
 * CSV with a header, fields by comma unless `separator` says otherwise. Rows of another length than the header's are rejected as
 * `wrong-column-count`. Throws MILLRACE_ROWS_TOO_LONG, _TOO_MANY, _HEADER, _MALFORMED or _EMPTY, and whatever `take` throws.
 */
export class CsvParser implements RowParser {
  readonly #batches = new CsvBatches();
  readonly #counter = new RowCounter();
  #pick: PickCells | undefined;

  constructor(
    private readonly columns: RowColumns,
    private readonly take: TakeRow,
    private readonly separator: string = ',',
  ) {}

  write(text: Buffer): void {
    this.#parse(this.#batches.next(text));
  }

  end(): RowReport {
    this.#parse(this.#batches.rest());
    return this.#counter.report();
  }

  #parse({ text, line }: CsvBatch): void {
    const dropRecord = (record: readonly string[]): null => {
      this.#onRecord(record);
      return null;
    };
    try {
      parse(text, { ...dialect, delimiter: this.separator, on_record: dropRecord });
    } catch (thrown) {
      throw thrown instanceof CsvError ? misplacedQuote(thrown, line) : thrown;
    }
  }

  #onRecord(record: readonly string[]): void {
    if (!this.#pick) {
      this.#pick = csvHeader(record, this.columns);
      return;
    }
    const row = this.#counter.next();
    const cells = this.#pick(record);
    if (cells) this.#counter.settle(this.take(cells, row));
    else if (record.length > rowLimits.columns) throw tooWide(row, record.length);
    else this.#counter.misfit('wrong-column-count');
  }
}

/** Without the parser's own error as cause, because that quotes the data. */
function misplacedQuote(thrown: CsvError, firstLine: number): Error {
  const line = firstLine - 1 + Number(thrown['lines']);
  const message = `a quote is in the wrong place, noticed at line ${line}; quote the whole field and double the quotes in it`;
  return rowErrors.error('MILLRACE_ROWS_MALFORMED', message, { detail: { line, parser: thrown.code } });
}

const tooWide = (row: number, columns: number): Error =>
  rowErrors.error('MILLRACE_ROWS_MALFORMED', `row ${row} has ${columns} columns; send at most ${rowLimits.columns}`, { detail: { row, columns } });
