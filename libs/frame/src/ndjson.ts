import { rowErrors } from './errors.js';
import { RowCounter } from './row-counter.js';
import { type RowColumns, rowLimits, type RowReport, type TakeRow } from './rows.js';
import { utf8Bytes } from './utf8.js';

const newline = 0x0a;

/**
 * Reads a file with one flat JSON object a line. Numbers and booleans become their JSON text, null and absent keys ''.
 * Lines of anything else are rejected as `invalid-json`, `not-an-object` or, with an object or array in a wanted column, `nested-value`.
 * Throws MILLRACE_ROWS_NOT_UTF8, _TOO_LONG, _MALFORMED or _EMPTY, and whatever `take` throws.
 */
export function readNdjson(bytes: Uint8Array, columns: RowColumns, take: TakeRow): RowReport {
  const counter = new RowCounter();
  const names = [...columns.required, ...columns.optional];
  for (const line of linesOf(utf8Bytes(bytes))) {
    const row = counter.next();
    const cells = cellsOf(line, names);
    if (typeof cells === 'string') counter.misfit(cells);
    else counter.settle(take(cells, row));
  }
  return counter.report();
}

function* linesOf(bytes: Buffer): Generator<string> {
  let number = 0;
  for (let start = 0, end = 0; start < bytes.length; start = end + 1) {
    number += 1;
    const found = bytes.indexOf(newline, start);
    end = found < 0 ? bytes.length : found;
    if (end - start > rowLimits.rowBytes) throw tooLong(number);
    const line = bytes.toString('utf8', start, end).trim();
    if (line !== '') yield line;
  }
}

const tooLong = (line: number): Error =>
  rowErrors.error('MILLRACE_ROWS_TOO_LONG', `line ${line} is longer than ${rowLimits.rowBytes} bytes; put one object on a line`, { detail: { line } });

/** The wanted cells, or why there are none. */
function cellsOf(line: string, names: readonly string[]): readonly string[] | string {
  const object = parseObject(line);
  if (typeof object === 'string') return object;
  const cells: string[] = [];
  for (const name of names) {
    const value = Object.hasOwn(object, name) ? object[name] : null;
    if (typeof value === 'object' && value !== null) return 'nested-value';
    cells.push(value === null ? '' : String(value));
  }
  return cells;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'invalid-json';
  }
  return isObject(value) ? value : 'not-an-object';
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
