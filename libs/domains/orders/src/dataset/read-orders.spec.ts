import { describe, expect, it } from 'vitest';
import { readOrders } from '../test/read-orders.js';
import { decodeDataset, encodeDataset } from './order-dataset.js';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const good = '1001,A1,ONE,2,2026-03-02 09:00,1.50,7,France';
const csv = (...rows: string[]): Uint8Array => Buffer.from([header, ...rows].join('\n'));
const rejectedOf = (...rows: string[]) => readOrders(csv(good, ...rows), 'csv').rows.rejected;

describe('readOrders', () => {
  it('keeps usable lines as columns, each invoice, product and customer once', () => {
    const { dataset } = readOrders(csv(good, '1001,B2,,-1,2026-03-02 09:00,0.999,7,France', 'C1002,B2, TWO ,-3,2026-03-03 10:30,20,,France'), 'csv');
    expect(dataset).toEqual({
      files: [{ name: 'file 1', rows: 3 }],
      customers: ['7'],
      products: { code: ['A1', 'B2'], description: ['ONE', 'TWO'] },
      invoices: { number: ['1001', 'C1002'], customer: [0, -1], minute: [Date.UTC(2026, 2, 2, 9) / 60_000, Date.UTC(2026, 2, 3, 10, 30) / 60_000] },
      lines: { invoice: [0, 0, 1], product: [0, 1, 1], quantity: [2, -1, -3], price: [15_000, 9_990, 200_000], row: [1, 2, 3] },
    });
    expect(decodeDataset(encodeDataset(dataset))).toEqual(dataset);
  });

  it.each([
    ['missing-invoice', ' ,A1,ONE,2,2026-03-02 09:00,1.50,7,France'],
    ['missing-product', '1001,,ONE,2,2026-03-02 09:00,1.50,7,France'],
    ['bad-quantity', '1001,A1,ONE,2.5,2026-03-02 09:00,1.50,7,France'],
    ['bad-quantity', '1001,A1,ONE,,2026-03-02 09:00,1.50,7,France'],
    ['bad-quantity', '1001,A1,ONE,1234567890,2026-03-02 09:00,1.50,7,France'],
    ['bad-date', '1001,A1,ONE,2,2026-02-29 09:00,1.50,7,France'],
    ['bad-price', '1001,A1,ONE,2,2026-03-02 09:00,"1,50",7,France'],
    ['duplicate', good],
    ['non-positive-price', '1001,A1,ONE,2,2026-03-02 09:00,0.00,7,France'],
    ['non-positive-price', '1001,A1,ONE,2,2026-03-02 09:00,-1.50,7,France'],
    ['mixed-customers', '1001,A1,ONE,2,2026-03-02 09:00,1.50,8,France'],
    ['mixed-customers', '1001,A1,ONE,2,2026-03-02 09:00,1.50,,France'],
    ['wrong-column-count', '1001,A1,ONE,2'],
  ])('rejects a line as %s: %s', (reason, row) => {
    expect(rejectedOf(row)).toEqual({ [reason]: 1 });
  });

  it('accepts guests, cancellations, empty descriptions and a quantity of zero', () => {
    expect(rejectedOf('1002,A1,,0,2026-03-02 09:00,1.50,,France', 'C1003,A1,ONE,-2,2026-03-02 09:00,1.50,7,France')).toEqual({});
  });

  it('leaves no trace in the dataset of a customer whose every line was rejected', () => {
    expect(readOrders(csv(good, '1001,A1,ONE,2,2026-03-02 09:00,1.50,8,France'), 'csv').dataset.customers).toEqual(['7']);
  });

  it('reads the same dataset from NDJSON', () => {
    const object = { InvoiceNo: 1001, StockCode: 'A1', Description: 'ONE', Quantity: 2, InvoiceDate: '2026-03-02 09:00', UnitPrice: 1.5, CustomerID: 7, Country: 'France' };
    const guest = { InvoiceNo: '1002', StockCode: 'A1', Quantity: '1', InvoiceDate: '2026-03-02 09:05', UnitPrice: '1.50', CustomerID: null };
    const fromNdjson = readOrders(Buffer.from([object, guest].map((line) => JSON.stringify(line)).join('\n')), 'ndjson');
    const fromCsv = readOrders(csv(good, '1002,A1,,1,2026-03-02 09:05,1.50,,'), 'csv');
    expect(fromNdjson.dataset).toEqual(fromCsv.dataset);
    expect(fromNdjson.totals.report()).toEqual(fromCsv.totals.report());
  });

  it('refuses a dataset of another version', () => {
    expect(() => decodeDataset(Buffer.from('{"version":0}'))).toThrow(expect.objectContaining({ code: 'MILLRACE_ORDERS_DATASET_VERSION', retryable: false }));
  });
});
