import { describe, expect, it } from 'vitest';
import { readRows } from './read-rows.js';
import { rowLimits, type TakeRow } from './rows.js';

const columns = { required: ['id', 'price'], optional: ['note'] };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function rowsOf(text: string | Uint8Array) {
  const taken: Array<readonly [number, readonly string[]]> = [];
  const report = readRows(typeof text === 'string' ? bytes(text) : text, 'csv', columns, (cells, row) => void taken.push([row, cells]));
  return { taken, report };
}

describe('CSV', () => {
  it('hands over the wanted cells in the order asked for, whatever the order of the file', () => {
    const { taken, report } = rowsOf('note,extra,price,id\nfine,x,1.50,a\n,y,2,b\n');
    expect(taken).toEqual([
      [1, ['a', '1.50', 'fine']],
      [2, ['b', '2', '']],
    ]);
    expect(report).toEqual({ rows: 2, accepted: 2, rejected: {}, examples: {} });
  });

  it('gives an absent optional column as empty cells', () => {
    expect(rowsOf('id,price\na,1').taken).toEqual([[1, ['a', '1', '']]]);
  });

  it('unquotes fields with commas, doubled quotes and line breaks', () => {
    expect(rowsOf('id,price,note\r\n"a,b",1,"he said ""no""\r\ntwice"\r\n').taken).toEqual([[1, ['a,b', '1', 'he said "no"\r\ntwice']]]);
  });

  it('takes LF and CRLF in one file, skips empty lines and strips a byte order mark', () => {
    const { taken } = rowsOf('\uFEFFid,price\na,1\r\n\r\n\nb,2\r\n');
    expect(taken.map(([row, cells]) => [row, cells[0], cells[1]])).toEqual([
      [1, 'a', '1'],
      [2, 'b', '2'],
    ]);
  });

  it('reads a view into a larger buffer', () => {
    const whole = bytes('junk!id,price\na,1\njunk');
    expect(rowsOf(whole.subarray(5, whole.length - 4)).taken).toEqual([[1, ['a', '1', '']]]);
  });

  it('rejects rows of another length than the header’s and goes on', () => {
    const { taken, report } = rowsOf('id,price\na\nb,2\nc,3,4\n');
    expect(taken.map(([row]) => row)).toEqual([2]);
    expect(report).toMatchObject({ rows: 3, accepted: 1, rejected: { 'wrong-column-count': 2 }, examples: { 'wrong-column-count': [1, 3] } });
  });

  it('counts what the caller rejects by reason and keeps the first five rows', () => {
    const take: TakeRow = ([id]) => (id === 'a' ? undefined : 'not-a');
    const report = readRows(bytes(`id,price\na,1\n${'b,1\n'.repeat(7)}`), 'csv', columns, take);
    expect(report).toEqual({ rows: 8, accepted: 1, rejected: { 'not-a': 7 }, examples: { 'not-a': [2, 3, 4, 5, 6] } });
  });

  it.each([
    ['an empty file', ''],
    ['a file of a header alone', 'id,price\n'],
    ['a file of empty lines', '\n\n\n'],
  ])('refuses %s', (_, text) => {
    expect(() => rowsOf(text)).toThrow(expect.objectContaining({ code: 'MILLRACE_ROWS_EMPTY', retryable: false }));
  });

  it.each([
    ['lacks a required column', 'id,note\n1,2\n', /add the columns price/],
    ['is cased otherwise', 'ID,price\n1,2\n', /add the columns id/],
    ['uses semicolons', 'id;price\n1;2\n', /add the columns id, price/],
    ['names a column twice', 'id,price,id\n1,2,3\n', /columns 1 and 3 have the same name/],
    ['has too many columns', `id,price${',x'.repeat(rowLimits.columns)}\n`, /1002 columns/],
  ])('refuses a header that %s', (_, text, message) => {
    expect(() => rowsOf(text)).toThrow(expect.objectContaining({ code: 'MILLRACE_ROWS_HEADER', retryable: false, message: expect.stringMatching(message) }));
  });

  it.each([
    ['text after a closing quote', 'id,price\na,1\n"b"x,2\n', 3],
    ['a quote inside an unquoted field', 'id,price\na,1\nb"b,2\n', 3],
    ['a quote that is never closed', 'id,price\na,1\n"b,2', 3],
  ])('refuses %s and says where it was noticed, without quoting the data', (_, text, line) => {
    const refused = catchError(() => rowsOf(text));
    expect(refused).toMatchObject({ code: 'MILLRACE_ROWS_MALFORMED', retryable: false, detail: { line } });
    expect(refused.cause).toBeUndefined();
  });

  it('refuses a row of more than 256 KiB, wherever its bytes are', () => {
    const long = 'x'.repeat(rowLimits.rowBytes);
    const refusal = expect.objectContaining({ code: 'MILLRACE_ROWS_TOO_LONG', detail: { line: 3 } });
    expect(() => rowsOf(`id,price\na,1\nb,${long}\n`)).toThrow(refusal);
    expect(() => rowsOf(`id,price\na,1\n${','.repeat(rowLimits.rowBytes + 1)}`)).toThrow(refusal);
    expect(() => rowsOf(`id,price\na,1\n"b,2\n${'c,3\n'.repeat(70_000)}`)).toThrow(refusal);
    expect(rowsOf(`id,price\na,1\nb,${long.slice(2)}\n`).report.accepted).toBe(2);
  });

  it('refuses a row of more than 1,000 columns', () => {
    expect(() => rowsOf(`id,price\na,1\n${','.repeat(1_000)}\n`)).toThrow(
      expect.objectContaining({ code: 'MILLRACE_ROWS_MALFORMED', detail: { row: 2, columns: 1_001 } }),
    );
  });

  it('gives up on a file of which more than 10,000 rows do not fit the header', () => {
    expect(rowsOf(`id,price\n${'a\n'.repeat(rowLimits.misfits)}`).report.rejected).toEqual({ 'wrong-column-count': rowLimits.misfits });
    expect(() => rowsOf(`id,price\n${'a\n'.repeat(rowLimits.misfits + 1)}`)).toThrow(expect.objectContaining({ code: 'MILLRACE_ROWS_MALFORMED' }));
  });

  it('lets through what the caller throws', () => {
    const thrown = new RangeError('mine');
    const take: TakeRow = () => {
      throw thrown;
    };
    expect(() => readRows(bytes('id,price\na,1\n'), 'csv', columns, take)).toThrow(thrown);
  });
});

function catchError(act: () => unknown): Error {
  try {
    act();
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error('nothing was thrown');
}
