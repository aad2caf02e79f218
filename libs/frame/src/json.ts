import { JSONParser } from '@streamparser/json';
import { rowErrors } from './errors.js';
import { type CellsOf, objectCells } from './object-cells.js';
import { RowCounter } from './row-counter.js';
import { type RowColumns, rowLimits, type RowParser, type RowReport, type TakeRow } from './rows.js';

/** Text is given to the parser in pieces of this size, so that a row without an end is noticed soon. */
const pieceBytes = 16_384;
const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
const bracket = 0x5b;

/**
 * A JSON array of flat objects, or an object that has one under `rows`; see objectCells for how they become cells and what is rejected.
 * Throws MILLRACE_ROWS_TOO_LONG, _TOO_MANY, _MALFORMED (broken JSON ends the file) or _EMPTY, and whatever `take` throws.
 */
export class JsonParser implements RowParser {
  readonly #counter = new RowCounter();
  readonly #cellsOf: CellsOf;
  #parser: JSONParser | undefined;
  #read: unknown[] = [];
  #bytes = 0;
  #lastRow = 0;

  constructor(
    columns: RowColumns,
    private readonly take: TakeRow,
  ) {
    this.#cellsOf = objectCells(columns);
  }

  write(text: Buffer): void {
    for (let start = 0; start < text.length; start += pieceBytes) this.#piece(text.subarray(start, start + pieceBytes));
  }

  end(): RowReport {
    if (this.#parser && !this.#parser.isEnded) this.#guarded((parser) => parser.end());
    return this.#counter.report();
  }

  #piece(text: Buffer): void {
    this.#parser ??= this.#begin(text);
    this.#bytes += text.length;
    if (this.#parser?.isEnded && text.every(isSpace)) return;
    this.#guarded((parser) => parser.write(text));
    if (this.#read.length > 0) this.#lastRow = this.#bytes;
    else if (this.#bytes - this.#lastRow > rowLimits.rowBytes) throw tooLong(this.#counter.next());
    for (const value of this.#read.splice(0)) this.#take(value);
  }

  /** Undefined while there is only white space. */
  #begin(text: Buffer): JSONParser | undefined {
    const first = text.find((byte) => !isSpace(byte));
    if (first === undefined) return undefined;
    const parser = new JSONParser({ paths: [first === bracket ? '$.*' : '$.rows.*'], keepStack: false });
    parser.onValue = ({ value, parent }) => Array.isArray(parent) && this.#read.push(value);
    return parser;
  }

  #take(value: unknown): void {
    const row = this.#counter.next();
    const cells = this.#cellsOf(value);
    if (typeof cells === 'string') this.#counter.misfit(cells);
    else this.#counter.settle(this.take(cells, row));
  }

  /** What is thrown is the parser's: nobody else's code runs in it. */
  #guarded(act: (parser: JSONParser) => void): void {
    try {
      if (this.#parser) act(this.#parser);
    } catch {
      for (const value of this.#read.splice(0)) this.#take(value);
      throw broken(this.#counter.next());
    }
  }
}

/** Without the parser's own error, because that quotes the data. */
const broken = (row: number): Error =>
  rowErrors.error('MILLRACE_ROWS_MALFORMED', `the JSON is broken in or before row ${row}; send an array of objects, or an object with one under "rows"`, { detail: { row } });

const tooLong = (row: number): Error =>
  rowErrors.error('MILLRACE_ROWS_TOO_LONG', `row ${row} is longer than ${rowLimits.rowBytes} bytes, or so much stands before it`, { detail: { row } });
