import { rowErrors } from './errors.js';
import { rowLimits } from './rows.js';

const quote = 0x22;
const newline = 0x0a;

/** Whole records, one after another. */
export interface CsvBatch {
  readonly text: Buffer;
  /** The line it begins in, counted from 1. */
  readonly line: number;
}

/**
 * Cuts CSV text between records: at newlines before which the quotes pair up, which is also true of doubled quotes.
 * Throws MILLRACE_ROWS_TOO_LONG for a record of more than 256 KiB, before a parser builds it field by field.
 */
export class CsvBatches {
  #kept: Buffer = Buffer.alloc(0);
  #quoted = false;
  /** Lines that have ended. */
  #lines = 0;
  /** The line in which the record that has begun begins. */
  #recordLine = 1;
  #batchLine = 1;

  /** What has become whole with `text`; may be empty. */
  next(text: Buffer): CsvBatch {
    const end = this.#scan(text);
    if (end === 0) {
      this.#kept = joined(this.#kept, text);
      return { text: text.subarray(0, 0), line: this.#batchLine };
    }
    const batch = { text: joined(this.#kept, text.subarray(0, end)), line: this.#batchLine };
    this.#kept = text.subarray(end);
    this.#batchLine = this.#recordLine;
    return batch;
  }

  /** What is left at the end: a record without a newline, or nothing. */
  rest(): CsvBatch {
    return { text: this.#kept, line: this.#batchLine };
  }

  /** Where the last whole record ends in `text`; 0 when none does. */
  #scan(text: Buffer): number {
    let start = -this.#kept.length;
    let quoted = this.#quoted;
    for (let at = 0; at < text.length; at++) {
      const byte = text[at];
      if (byte === quote) quoted = !quoted;
      if (byte === newline) this.#lines += 1;
      if (byte === newline && !quoted) {
        start = at + 1;
        this.#recordLine = this.#lines + 1;
      } else if (at - start >= rowLimits.rowBytes) throw tooLong(this.#recordLine);
    }
    this.#quoted = quoted;
    return Math.max(0, start);
  }
}

const joined = (first: Buffer, second: Buffer): Buffer => (first.length === 0 ? second : Buffer.concat([first, second]));

const tooLong = (line: number): Error =>
  rowErrors.error('MILLRACE_ROWS_TOO_LONG', `the row that begins at line ${line} is longer than ${rowLimits.rowBytes} bytes; look for a quote that is not closed`, { detail: { line } });
