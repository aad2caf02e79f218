import { describe, expect, it } from 'vitest';
import { announcedColumns, formatOf } from './sniff.js';

describe('formatOf', () => {
  it.each([
    ['text/csv', 'a,b\n1,2', 'csv'],
    ['application/octet-stream', 'a,b\n1,2', 'csv'],
    ['application/x-ndjson', '{"a":1}', 'ndjson'],
    ['application/x-ndjson', 'a,b', 'ndjson'],
    ['text/plain', '\uFEFF \n{"a":1}\n', 'ndjson'],
    ['text/csv', '', 'csv'],
  ] as const)('%s %j → %s', (type, head, format) => {
    expect(formatOf(type, head)).toBe(format);
  });
});

describe('announcedColumns', () => {
  it('gives the header of a CSV file', () => {
    expect(announcedColumns('csv', '\uFEFFInvoiceNo,"Unit, Price",Country \r\n1,2')).toEqual(['InvoiceNo', 'Unit, Price', 'Country']);
  });

  it('gives the keys of the first object, even if a later line is cut', () => {
    expect(announcedColumns('ndjson', '{"a": 1, "b": null}\n{"a"')).toEqual(['a', 'b']);
  });

  it.each([
    ['ndjson', '{"a": 1, '],
    ['ndjson', '[1,2]'],
    ['ndjson', 'null'],
    ['csv', ''],
    ['csv', '"a'],
    ['csv', 'a, "b"'],
  ] as const)('%s %j announces nothing', (format, head) => {
    expect(announcedColumns(format, head)).toEqual([]);
  });
});
