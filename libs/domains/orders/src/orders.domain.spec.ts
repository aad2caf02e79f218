import { describe, expect, it } from 'vitest';
import { ordersDomain } from './orders.domain.js';

const required = { InvoiceNo: '1', StockCode: 'A', Quantity: 1, InvoiceDate: '2026-03-02 09:00', UnitPrice: 1 };
const header = Object.keys(required).join(',');

describe('ordersDomain', () => {
  it.each([
    ['text/csv', `${header}\n1,A,1,`],
    ['text/csv', `\uFEFFCountry,${header},Note\r\n`],
    ['application/octet-stream', `"${Object.keys(required).join('","')}"\n`],
    ['application/x-ndjson', `${JSON.stringify(required)}\n{"Inv`],
    ['text/plain', JSON.stringify({ Country: 'France', ...required })],
    ['application/json', JSON.stringify([required])],
  ])('accepts %s %s', (contentType, head) => {
    expect(ordersDomain.accepts({ contentType, head })).toBe(true);
  });

  it.each([
    ['text/csv', ''],
    ['text/csv', header.replace('UnitPrice', 'Price')],
    ['text/csv', header.replaceAll(',', ';')],
    ['application/x-ndjson', JSON.stringify({ ...required, UnitPrice: undefined })],
    ['application/json', `{"bench": true, "rows": []}`],
    ['application/json', `{\n  "InvoiceNo": "1"`],
    ['image/png', '\u0089PNG\r\n'],
  ])('leaves %s %j to others', (contentType, head) => {
    expect(ordersDomain.accepts({ contentType, head })).toBe(false);
  });

  it('names its tasks after itself', () => {
    expect([ordersDomain.dataset, ...ordersDomain.analyses].map(({ name }) => name)).toEqual(['orders.dataset', 'orders.segments', 'orders.repurchase', 'orders.anomalies', 'orders.revenue', 'orders.returns']);
  });
});
