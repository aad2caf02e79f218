import { rowErrors } from './errors.js';
import { type CellsOf, objectCells } from './object-cells.js';
import { RowCounter } from './row-counter.js';
import { type RowColumns, rowLimits, type RowParser, type RowReport, type TakeRow } from './rows.js';

const newline = 0x0a;

/**
 * One flat JSON object a line; see objectCells for how it becomes cells and what is rejected, besides `invalid-json`.
 * Throws MILLRACE_ROWS_TOO_LONG, _TOO_MANY, _MALFORMED or _EMPTY, and whatever `take` throws.
 */
export class NdjsonParser implements RowParser {
  readonly #counter = new RowCounter();
  readonly #cellsOf: CellsOf;
  #kept: Buffer = Buffer.alloc(0);
  #lines = 0;

  constructor(
    columns: RowColumns,
    private readonly take: TakeRow,
  ) {
    this.#cellsOf = objectCells(columns);
  }

  write(text: Buffer): void {
    const all = this.#kept.length === 0 ? text : Buffer.concat([this.#kept, text]);
    let start = 0;
    for (let end = all.indexOf(newline); end >= 0; end = all.indexOf(newline, start)) {
      this.#line(all, start, end);
      start = end + 1;
    }
    this.#kept = all.subarray(start);
    if (this.#kept.length > rowLimits.rowBytes) throw tooLong(this.#lines + 1);
  }

  end(): RowReport {
    this.#line(this.#kept, 0, this.#kept.length);
    return this.#counter.report();
  }

  #line(text: Buffer, start: number, end: number): void {
    this.#lines += 1;
    if (end - start > rowLimits.rowBytes) throw tooLong(this.#lines);
    const line = text.toString('utf8', start, end).trim();
    if (line === '') return;
    const row = this.#counter.next();
    const cells = parsed(line, this.#cellsOf);
    if (typeof cells === 'string') this.#counter.misfit(cells);
    else this.#counter.settle(this.take(cells, row));
  }
}

const tooLong = (line: number): Error =>
  rowErrors.error('MILLRACE_ROWS_TOO_LONG', `line ${line} is longer than ${rowLimits.rowBytes} bytes; put one object on a line`, { detail: { line } });

function parsed(line: string, cellsOf: CellsOf): readonly string[] | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'invalid-json';
  }
  return cellsOf(value);
}
