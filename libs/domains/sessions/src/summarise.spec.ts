import { describe, expect, it } from 'vitest';
import { summarise } from './summarise.js';
import { clickExport, clicksInOrder, summaryExport } from './test/rows.js';
import { runBytes } from './test/run-export.js';

describe('the sessions’ part of a summary', () => {
  it('says of both kinds what was found', async () => {
    const { report, purchases, segments, sale } = await runBytes(clickExport(...clicksInOrder('7', {}, {}, {}, {}, {}, {})), 'text/csv', summaryExport([{}, { Month: 'x' }]));
    const { sentences, figures } = summarise({ report, insights: { 'purchase-intent': purchases, segments, sale } });
    expect(sentences).toEqual([
      'Of 8 rows 7 can be used; the others were left out (1 × bad-month).',
      expect.stringMatching(/^There is 1 summarised session; the largest segment is “.+” \(100%\)\.$/),
      expect.stringMatching(/^There is 1 click session; the largest segment is “.+” \(100%\)\.$/),
      expect.stringMatching(/^About [01] of the 1 summarised session are expected to end in a purchase\.$/),
      expect.stringMatching(/^Of 1 click session that had not been at the sale after 5 clicks, about [01] are expected to look at it\.$/),
    ]);
    expect(figures).toMatchObject({ rows: 8, accepted: 7, leftOut: 1, summarisedSessions: 1, clickSessions: 1, expectedPurchases: purchases['expectedPurchases'], expectedLooks: sale['expectedLooks'] });
  });

  it('says nothing of analyses whose data was not sent', async () => {
    const { report, purchases, segments, sale } = await runBytes(summaryExport([{}]), 'text/csv');
    expect(summarise({ report, insights: { 'purchase-intent': purchases, segments, sale } }).sentences).toHaveLength(3);
  });
});
