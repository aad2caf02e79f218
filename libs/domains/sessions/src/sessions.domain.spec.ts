import { describe, expect, it } from 'vitest';
import { sessionsDomain } from './sessions.domain.js';
import { clickCells, clickExport, summaryCells, summaryExport } from './test/rows.js';

const clicks = Buffer.from(clickExport({})).toString();
const summaries = Buffer.from(summaryExport([{}], ['PageValues', 'Revenue', 'Month', 'TrafficType'])).toString();

describe('sessionsDomain', () => {
  it.each([
    ['text/csv', clicks],
    ['text/csv', `\uFEFF${clicks.replaceAll('\n', '\r\n')}`],
    ['text/csv', clicks.replaceAll(';', ',')],
    ['text/csv', summaries],
    ['application/octet-stream', summaries.replaceAll(',', ';')],
    ['application/x-ndjson', `${JSON.stringify(clickCells)}\n{"ord`],
    ['text/plain', JSON.stringify(summaryCells)],
    ['application/json', JSON.stringify([clickCells])],
  ])('accepts %s %s', (contentType, head) => {
    expect(sessionsDomain.accepts({ contentType, head })).toBe(true);
  });

  it.each([
    ['text/csv', ''],
    ['text/csv', clicks.replace('session ID', 'session')],
    ['text/csv', clicks.replaceAll(';', '\t')],
    ['text/csv', summaries.replace('ExitRates', 'Exits')],
    ['text/csv', 'InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n'],
    ['application/x-ndjson', JSON.stringify({ ...clickCells, page: undefined })],
    ['image/png', '\u0089PNG\r\n'],
  ])('leaves %s %j to others', (contentType, head) => {
    expect(sessionsDomain.accepts({ contentType, head })).toBe(false);
  });

  it('names its tasks after itself', () => {
    const names = [sessionsDomain.dataset, ...sessionsDomain.analyses].map(({ name }) => name);
    expect(names).toEqual(['sessions.dataset', 'sessions.purchase-intent', 'sessions.segments', 'sessions.sale']);
  });
});
