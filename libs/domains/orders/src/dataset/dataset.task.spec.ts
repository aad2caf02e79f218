import { describe, expect, it } from 'vitest';
import { runExports } from '../test/run-export.js';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const first = '1001,A1,ONE,2,2026-03-02 09:00,1.50,7,France';
const csv = (...rows: readonly string[]) => ({ bytes: Buffer.from([header, ...rows].join('\n')), contentType: 'text/csv' });

describe('the dataset of orders', () => {
  it('is refused without a usable line, with the reasons', async () => {
    await expect(runExports([csv('1001,A1,ONE,2,02.03.2026,1.50,7,France', ',A1,ONE,2,2026-03-02 09:00,1.50,7,France')])).rejects.toMatchObject({
      code: 'MILLRACE_ORDERS_NOTHING_USABLE',
      retryable: false,
      message: expect.stringContaining('none of the 2 lines can be used (1 × bad-date, 1 × missing-invoice)'),
      detail: { rows: 2, rejected: { 'bad-date': 1, 'missing-invoice': 1 }, examples: { 'bad-date': [1], 'missing-invoice': [2] } },
    });
  });

  it('is one of several exports, in which equal ids mean the same', async () => {
    const { dataset, report } = await runExports([
      { ...csv(first, '1002,A1,ONE,x,2026-03-02 09:05,1.50,8,France'), filename: 'monday.csv' },
      { bytes: Buffer.from(JSON.stringify({ InvoiceNo: 1003, StockCode: 'A1', Quantity: 1, InvoiceDate: '2026-03-03 09:00', UnitPrice: 1.5, CustomerID: 7 })), contentType: 'application/x-ndjson' },
      csv(first),
    ]);
    expect(dataset).toMatchObject({
      files: [{ name: 'monday.csv', rows: 2 }, { name: 'file 2', rows: 1 }, { name: 'file 3', rows: 1 }],
      customers: ['7'],
      invoices: { number: ['1001', '1003'], customer: [0, 0] },
      lines: { row: [1, 3] },
    });
    expect(report).toMatchObject({ lines: 4, invoices: 3, customers: 2, duplicateLines: 1, accepted: 2, rejected: { 'bad-quantity': 1, duplicate: 1 } });
    expect(report['files']).toEqual([
      { file: 'monday.csv', format: 'csv', lines: 2, accepted: 1, rejected: { 'bad-quantity': 1 }, examples: { 'bad-quantity': [2] } },
      { file: 'file 2', format: 'ndjson', lines: 1, accepted: 1, rejected: {}, examples: {} },
      { file: 'file 3', format: 'csv', lines: 1, accepted: 0, rejected: { duplicate: 1 }, examples: { duplicate: [1] } },
    ]);
  });

  it('leads insights to the file and its row', async () => {
    const days = Array.from({ length: 28 }, (_, index) => String(index + 1).padStart(2, '0'));
    const lines = days.flatMap((day, index) => ['A1', 'B2', 'C3'].map((product) => `${2_000 + index},${product},,2,2026-03-${day} 09:00,2.00,${index % 5},`));
    const { anomalies } = await runExports([csv(...lines), csv('9000,A1,,2,2026-03-28 10:00,200.00,3,')]);
    expect((anomalies['anomalies'] as Array<{ invoice: string }>)[0]).toMatchObject({ invoice: '9000', file: 'file 2', row: 1 });
  });
});
