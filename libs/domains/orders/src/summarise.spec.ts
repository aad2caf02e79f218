import { describe, expect, it } from 'vitest';
import { summarise } from './summarise.js';
import { runExport } from './test/run-export.js';

const sample = new URL('../../../../samples/orders.csv', import.meta.url);

describe('the orders’ part of a summary', () => {
  it('says what was found, with the insights’ own figures', async () => {
    const { report, insights } = await runExport(sample, 'text/csv');
    const { sentences, figures } = summarise({ report, insights });
    expect(sentences).toHaveLength(6);
    expect(sentences[0]).toMatch(/^Of [\d,]+ lines [\d,]+ can be used; the others were left out \(/);
    expect(sentences[3]).toBe(`${figures['invoicesFlagged']} of ${figures['invoices']} invoices look mistyped or wrongly exported.`);
    expect(figures).toMatchObject({
      lines: report['lines'],
      accepted: report['accepted'],
      customers: insights.segments['customers'],
      revenue: insights.segments['revenue'],
      invoicesFlagged: insights.anomalies['flagged'],
      expectedReturns: insights.returns['expectedReturns'],
    });
    expect(JSON.stringify({ sentences, figures }).length).toBeLessThan(2_048);
  });

  it('does without insights that failed', () => {
    const summary = summarise({ report: { lines: 2, accepted: 2, rejected: {} }, insights: { anomalies: { flagged: 1, invoicesScored: 1 } } });
    expect(summary).toEqual({ sentences: ['All 2 lines can be used.', '1 of 1 invoice looks mistyped or wrongly exported.'], figures: { lines: 2, accepted: 2, leftOut: 0, invoices: 1, invoicesFlagged: 1 } });
  });

  it('says why there is no forecast', () => {
    const { sentences, figures } = summarise({ report: { lines: 1, accepted: 1, rejected: {} }, insights: { revenue: { last7Days: 5, next7Days: null } } });
    expect(sentences[1]).toContain('no whole week');
    expect(figures).toMatchObject({ revenueLast7Days: 5, revenueNext7Days: null });
  });
});
