import { describe, expect, it } from 'vitest';
import { readOrders } from '../test/read-orders.js';
import { segmentInsight } from './segment-insight.js';

const insightOf = (...rows: string[]) => segmentInsight(readOrders(Buffer.from(['InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID', ...rows].join('\n')), 'csv').dataset);

describe('segmentInsight', () => {
  it('nets cancellations, counts invoices once and days from the last day of the data', () => {
    const { customers, revenue, guestRevenue, topCustomers, asOf } = insightOf(
      '1,A,2,2026-03-02 23:59,1.25,7',
      '1,B,1,2026-03-02 23:59,0.10,7',
      '2,A,1,2026-03-04 00:01,1.25,7',
      'C3,A,-1,2026-03-05 09:00,1.25,7',
      '4,A,1,2026-03-06 00:00,9.99,',
    );
    expect({ customers, revenue, guestRevenue, asOf }).toEqual({ customers: 1, revenue: 2.6, guestRevenue: 9.99, asOf: '2026-03-06' });
    expect(topCustomers).toEqual([expect.objectContaining({ customer: '7', orders: 2, revenue: 2.6, recencyDays: 2 })]);
  });

  it('sets apart customers with cancellations only', () => {
    expect(insightOf('1,A,1,2026-03-02 09:00,1,7', 'C2,A,-1,2026-03-02 09:00,1,8')).toMatchObject({ customers: 1, customersWithoutPurchase: 1 });
  });

  it('lists equal customers by id, and no more than ten', () => {
    const rows = Array.from({ length: 12 }, (_, index) => `${index},A,1,2026-03-02 09:00,1,c${String(99 - index)}`);
    const ids = insightOf(...rows).topCustomers.map(({ customer }) => customer);
    expect(ids).toEqual(['c88', 'c89', 'c90', 'c91', 'c92', 'c93', 'c94', 'c95', 'c96', 'c97']);
  });

  it('has empty segments when all customers are guests', () => {
    const { segments, ...totals } = insightOf('1,A,1,2026-03-02 09:00,1.50,');
    expect(totals).toEqual({ asOf: '2026-03-02', customers: 0, customersWithoutPurchase: 0, revenue: 0, guestRevenue: 1.5, topCustomers: [] });
    expect(segments).toHaveLength(7);
    for (const { name: _name, ...figures } of segments) expect(figures).toEqual({ customers: 0, orders: 0, revenue: 0, revenueShare: 0 });
  });

  it('shortens what is absurdly long', () => {
    const { topCustomers } = insightOf(`1,A,1,2026-03-02 09:00,1,${'9'.repeat(100_000)}`);
    expect(topCustomers[0]?.customer).toHaveLength(60);
  });
});
