import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows } from './read-rows.js';
import { rowLimits } from './rows.js';

const columns = { required: ['id', 'price'], optional: ['note'] };

function rowsOf(text: string) {
  const taken: Array<readonly [number, readonly string[]]> = [];
  const report = readRows(Buffer.from(text), 'json', columns, (cells, row) => void taken.push([row, cells]));
  return { taken, report };
}

describe('JSON', () => {
  it.each([
    ['an array', (rows: string) => rows],
    ['an object with rows', (rows: string) => `{"source": {"shop": [1, 2]}, "rows": ${rows}, "more": {"rows": [{"id": 9}]}}`],
    ['text with space around it', (rows: string) => `\uFEFF\r\n\t ${rows}\n \n`],
  ])('is read from %s', (_, file) => {
    const { taken, report } = rowsOf(file('[{"price": 4.65, "id": "a", "other": {}},\n {"id": 7, "price": "1.50", "note": null}, {"id": true, "note": "ö\\n"}]'));
    expect(taken).toEqual([
      [1, ['a', '4.65', '']],
      [2, ['7', '1.50', '']],
      [3, ['true', '', 'ö\n']],
    ]);
    expect(report).toEqual({ rows: 3, accepted: 3, rejected: {}, examples: {} });
  });

  it('rejects what is not a flat object and goes on', () => {
    const wide = Object.fromEntries(Array.from({ length: rowLimits.columns + 1 }, (_, index) => [`c${index}`, 0]));
    const { report } = rowsOf(JSON.stringify([{ id: 1 }, 5, null, ['x'], { id: [1] }, { id: {} }, wide, { id: 2 }]));
    expect(report).toEqual({
      rows: 8,
      accepted: 2,
      rejected: { 'not-an-object': 3, 'nested-value': 2, 'too-many-columns': 1 },
      examples: { 'not-an-object': [2, 3, 4], 'nested-value': [5, 6], 'too-many-columns': [7] },
    });
  });

  it('does not take inherited properties for cells', () => {
    expect(rowsOf('[{"__proto__": {"id": 1, "price": 2}}]').taken).toEqual([[1, ['', '', '']]]);
  });

  it.each([
    ['[{"id": 1}, {"id": }]', 2],
    ['[{"id": 1}, {"id": 2}', 3],
    ['[{"id": 1}] x', 2],
    ['[{"id": "secret', 1],
    ['{"rows": [{"id": 1} {', 2],
  ])('refuses %s and says where, without quoting the data', (text, row) => {
    const refused = catchError(() => rowsOf(text));
    expect(refused).toMatchObject({ code: 'MILLRACE_ROWS_MALFORMED', retryable: false, detail: { row }, message: expect.stringContaining(`row ${row}`) });
    expect(refused.message).not.toContain('secret');
  });

  it.each(['', '  \n', '[]', '{}', '{"rows": []}', '{"rows": {"a": {"id": 1}}}', '{"lines": [{"id": 1}]}', '"x"', '12'])('finds no rows in %j', (text) => {
    expect(() => rowsOf(text)).toThrow(expect.objectContaining({ code: 'MILLRACE_ROWS_EMPTY' }));
  });

  it('refuses a row of more than 256 KiB before it has an end', () => {
    const refusal = expect.objectContaining({ code: 'MILLRACE_ROWS_TOO_LONG', detail: { row: 2 } });
    expect(() => rowsOf(`[{"id": 1}, {"id": "${'x'.repeat(rowLimits.rowBytes + 40_000)}"}]`)).toThrow(refusal);
    expect(() => rowsOf(`[{"id": 1}, ${'['.repeat(rowLimits.rowBytes + 40_000)}`)).toThrow(refusal);
  });

  it('gives up on a file of which more than 10,000 values are no objects', () => {
    expect(() => rowsOf(`[${'1,'.repeat(rowLimits.misfits + 1)}1]`)).toThrow(expect.objectContaining({ code: 'MILLRACE_ROWS_MALFORMED', detail: { row: rowLimits.misfits + 1, reason: 'not-an-object' } }));
  });

  it('reads what JSON.stringify writes', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '').toWellFormed()), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.array(fc.record({ id: cell, price: cell, note: cell }), { minLength: 1, maxLength: 20 }), fc.constantFrom(undefined, 2, '\t'), (rows, indent) => {
        const expected = rows.map(({ id, price, note }) => [id, price, note].map((value) => (value === null ? '' : String(value))));
        expect(rowsOf(JSON.stringify(rows, undefined, indent)).taken.map(([, cells]) => cells)).toEqual(expected);
      }),
    );
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
