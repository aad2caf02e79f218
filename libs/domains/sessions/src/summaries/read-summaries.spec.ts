import { describe, expect, it } from 'vitest';
import { decodeDataset, encodeDataset } from '../dataset/session-dataset.js';
import { readSessions } from '../test/read-sessions.js';
import { summaryCells, summaryExport } from '../test/rows.js';
import { parseMonth } from './summary-columns.js';

const read = (bytes: Uint8Array) => readSessions(bytes, 'text/csv');

describe('reading session summaries', () => {
  it('keeps them as columns of numbers', async () => {
    const { dataset } = await read(summaryExport([{}, { Month: 'June', VisitorType: 'Returning_Visitor', Weekend: 'TRUE', Revenue: 'True', BounceRates: '6.1e-05', PageValues: '12.75' }]));
    expect(dataset.summaries).toEqual({
      row: [1, 2],
      columns: {
        Administrative: [1, 1],
        Administrative_Duration: [12.5, 12.5],
        Informational: [0, 0],
        Informational_Duration: [0, 0],
        ProductRelated: [20, 20],
        ProductRelated_Duration: [600.25, 600.25],
        BounceRates: [0, 0.000061],
        ExitRates: [0.02, 0.02],
        SpecialDay: [0, 0],
        Month: [11, 6],
        VisitorType: [1, 2],
        Weekend: [0, 1],
        PageValues: [0, 12.75],
        Revenue: [0, 1],
      },
    });
    expect(decodeDataset(encodeDataset(dataset))).toEqual(dataset);
  });

  it.each([
    ['bad-pages', { ProductRelated: '2.5' }],
    ['bad-pages', { Administrative: '' }],
    ['bad-duration', { Informational_Duration: '-1' }],
    ['bad-rate', { ExitRates: '1.2' }],
    ['bad-rate', { BounceRates: '2 %' }],
    ['bad-special-day', { SpecialDay: '2' }],
    ['bad-month', { Month: '11' }],
    ['bad-visitor-type', { VisitorType: 'Robot' }],
    ['bad-weekend', { Weekend: 'no' }],
    ['bad-page-value', { PageValues: '' }],
    ['bad-revenue', { Revenue: '12.90' }],
  ])('rejects a row as %s: %j', async (reason, cells) => {
    expect((await read(summaryExport([{}, cells]))).report).toMatchObject({ accepted: 1, rejected: { [reason]: 1 }, examples: { [reason]: [2] } });
  });

  it('does without the columns that a file lacks as a whole, and says which', async () => {
    const { dataset, report } = await read(summaryExport([{}, {}], ['PageValues', 'Revenue', 'Browser']));
    expect(report).toEqual({
      format: 'csv',
      separator: ',',
      kind: 'summaries',
      rows: 2,
      sessions: 2,
      repeatedRows: 1,
      months: [11],
      absentColumns: ['PageValues', 'Revenue'],
      accepted: 2,
      rejected: {},
      examples: {},
    });
    expect(dataset.summaries).not.toHaveProperty('columns.PageValues');
  });

  it('reads the same dataset from NDJSON', async () => {
    const object = { ...summaryCells, ProductRelated: 20, ExitRates: 0.02, Weekend: false, Revenue: 0 };
    expect((await readSessions(Buffer.from(JSON.stringify(object)), 'application/x-ndjson')).dataset).toEqual((await read(summaryExport([{}]))).dataset);
  });
});

describe('parseMonth', () => {
  it.each([
    ['Feb', 2],
    ['June', 6],
    ['Jun', 6],
    ['Sept', 9],
    ['DECEMBER', 12],
  ])('%s is month %i', (text, month) => {
    expect(parseMonth(text)).toBe(month);
  });

  it.each(['', 'Ju', 'J', '6', 'Juni', 'Marz'])('%j is no month', (text) => {
    expect(parseMonth(text)).toBeUndefined();
  });
});
