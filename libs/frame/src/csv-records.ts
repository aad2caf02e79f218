import { rowErrors } from './errors.js';
import { rowLimits } from './rows.js';

const quote = 0x22;
const newline = 0x0a;

/**
 * Throws MILLRACE_ROWS_TOO_LONG for a record of more than 256 KiB, before the parser builds it field by field.
 * A newline ends a record where the quotes before it pair up, which is also true of doubled quotes.
 */
export function checkRecordLengths(bytes: Uint8Array): void {
  let quoted = false;
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) quoted = !quoted;
    if (byte === newline && !quoted) start = at + 1;
    else if (at - start >= rowLimits.rowBytes) throw tooLong(bytes, start);
  }
}

function tooLong(bytes: Uint8Array, start: number): Error {
  const line = bytes.subarray(0, start).reduce((lines, byte) => (byte === newline ? lines + 1 : lines), 1);
  return rowErrors.error('MILLRACE_ROWS_TOO_LONG', `the row that begins at line ${line} is longer than ${rowLimits.rowBytes} bytes; look for a quote that is not closed`, {
    detail: { line },
  });
}
