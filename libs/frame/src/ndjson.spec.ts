import { describe, expect, it } from 'vitest';
import { readRows } from './read-rows.js';
import { rowLimits } from './rows.js';

const columns = { required: ['id', 'price'], optional: ['note'] };

function rowsOf(text: string) {
  const taken: Array<readonly [number, readonly string[]]> = [];
  const report = readRows(new TextEncoder().encode(text), 'ndjson', columns, (cells, row) => void taken.push([row, cells]));
  return { taken, report };
}

describe('NDJSON', () => {
  it('hands over scalars as their text, null and absent keys as empty cells', () => {
    const { taken } = rowsOf('{"price": 4.65, "id": "a", "other": {}}\n{"id": 7, "price": -1, "note": null}\n{"id": true, "note": "ö"}');
    expect(taken).toEqual([
      [1, ['a', '4.65', '']],
      [2, ['7', '-1', '']],
      [3, ['true', '', 'ö']],
    ]);
  });

  it('takes CRLF, empty lines and a byte order mark', () => {
    expect(rowsOf('\uFEFF{"id":1}\r\n\r\n{"id":2}\r\n').taken.map(([row, cells]) => [row, cells[0]])).toEqual([
      [1, '1'],
      [2, '2'],
    ]);
  });

  it('rejects what is not a flat object and goes on', () => {
    const { report } = rowsOf('{"id":1}\n{"id":\n[1]\n"x"\nnull\n{"id":[1]}\n{"id":{}}\n{"id":2}\n');
    expect(report).toEqual({
      rows: 8,
      accepted: 2,
      rejected: { 'invalid-json': 1, 'not-an-object': 3, 'nested-value': 2 },
      examples: { 'invalid-json': [2], 'not-an-object': [3, 4, 5], 'nested-value': [6, 7] },
    });
  });

  it('does not take inherited properties for cells', () => {
    const report = readRows(new TextEncoder().encode('{"__proto__": {"id": 1}}\n'), 'ndjson', { required: ['constructor', 'id'], optional: [] }, (cells) =>
      cells.every((cell) => cell === '') ? undefined : 'inherited',
    );
    expect(report.accepted).toBe(1);
  });

  it('refuses an empty file', () => {
    expect(() => rowsOf('\n \n')).toThrow(expect.objectContaining({ code: 'MILLRACE_ROWS_EMPTY', retryable: false }));
  });

  it('refuses a line of more than 256 KiB and says which', () => {
    expect(() => rowsOf(`{"id":1}\n\n{"id":"${'x'.repeat(rowLimits.rowBytes)}"}`)).toThrow(expect.objectContaining({ code: 'MILLRACE_ROWS_TOO_LONG', detail: { line: 3 } }));
  });

  it('gives up on a file of which more than 10,000 lines are no objects', () => {
    expect(() => rowsOf('x\n'.repeat(rowLimits.misfits + 1))).toThrow(
      expect.objectContaining({ code: 'MILLRACE_ROWS_MALFORMED', detail: { row: rowLimits.misfits + 1, reason: 'invalid-json' } }),
    );
  });
});
