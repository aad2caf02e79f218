import { describe, expect, it } from 'vitest';
import { clickExport, clicksInOrder, summaryCells, summaryExport } from '../test/rows.js';
import { runBytes } from '../test/run-export.js';
import { decodeDataset } from './session-dataset.js';

describe('the dataset of sessions', () => {
  it('is refused without a usable row, with the reasons', async () => {
    await expect(runBytes(clickExport({ order: '0' }, { page: '9' }), 'text/csv')).rejects.toMatchObject({
      code: 'MILLRACE_SESSIONS_NOTHING_USABLE',
      retryable: false,
      message: expect.stringContaining('none of the 2 rows can be used (1 × bad-order, 1 × bad-page)'),
      detail: { rows: 2, rejected: { 'bad-order': 1, 'bad-page': 1 }, examples: { 'bad-order': [1], 'bad-page': [2] } },
    });
    await expect(runBytes(summaryExport([{ Month: '' }]), 'text/csv')).rejects.toMatchObject({ code: 'MILLRACE_SESSIONS_NOTHING_USABLE' });
  });

  it.each([
    ['text/csv', 'a;b\n1;2'],
    ['application/x-ndjson', JSON.stringify({ ...summaryCells, ExitRates: undefined })],
  ])('is refused with other columns in %s', async (contentType, text) => {
    await expect(runBytes(Buffer.from(text), contentType)).rejects.toMatchObject({
      code: 'MILLRACE_SESSIONS_COLUMNS',
      retryable: false,
      message: expect.stringContaining('page 1 (main category)'),
    });
  });

  it('is refused with a header alone, and in a wrong encoding', async () => {
    await expect(runBytes(clickExport(), 'text/csv')).rejects.toMatchObject({ code: 'MILLRACE_ROWS_EMPTY' });
    await expect(runBytes(Buffer.concat([clickExport({}), Buffer.of(0x0a, 0xff)]), 'text/csv')).rejects.toMatchObject({ code: 'MILLRACE_ROWS_NOT_UTF8' });
  });

  it('is refused in another version', () => {
    expect(() => decodeDataset(Buffer.from('{"version":0}'))).toThrow(expect.objectContaining({ code: 'MILLRACE_SESSIONS_DATASET_VERSION', retryable: false }));
  });
});

describe('a dataset of several files', () => {
  it('has clicks and summaries side by side, each with its insights', async () => {
    const { dataset, report, segments, purchases, sale } = await runBytes(clickExport(...clicksInOrder('7', {}, {})), 'text/csv', summaryExport([{}, {}]));
    expect(dataset).toMatchObject({ files: [{ rows: 2 }, { rows: 2 }], clicks: { sessions: { id: ['7'] } }, summaries: { row: [3, 4] } });
    expect(report).toMatchObject({ rows: 4, accepted: 4, clicks: { sessions: 1 }, summaries: { sessions: 2 }, files: [{ kind: 'clicks', rows: 2 }, { kind: 'summaries', rows: 2, examples: {} }] });
    expect(segments).toMatchObject({ clicks: { sessions: 1 }, summaries: { sessions: 2 } });
    expect(purchases).toMatchObject({ available: true, sessions: 2, top: [{ file: 'file 2', row: 1 }, { file: 'file 2', row: 2 }] });
    expect(sale).toMatchObject({ available: true, sessions: 1 });
  });

  it('joins what belongs to one session, and counts a click sent twice once', async () => {
    const { dataset, report } = await runBytes(clickExport(...clicksInOrder('7', {}, {})), 'text/csv', clickExport({ 'session ID': '7', order: '2' }, { 'session ID': '7', order: '3' }));
    expect(dataset.clicks).toMatchObject({ sessions: { id: ['7'] }, clicks: { order: [1, 2, 3] } });
    expect(report).toMatchObject({ sessions: 1, accepted: 3, rejected: { duplicate: 1 }, files: [{ rejected: {} }, { rejected: { duplicate: 1 }, examples: { duplicate: [1] } }] });
  });

  it('has the optional columns that all files have', async () => {
    const { dataset, report } = await runBytes(summaryExport([{}]), 'text/csv', summaryExport([{}], ['Revenue']));
    expect(report).toMatchObject({ sessions: 2, absentColumns: ['Revenue'], repeatedRows: 1 });
    expect(dataset.summaries?.columns).not.toHaveProperty('Revenue');
    expect(dataset.summaries?.columns.Month).toEqual([11, 11]);
  });

  it('is refused when one of them is, and says which', async () => {
    await expect(runBytes(summaryExport([{}]), 'text/csv', Buffer.from('a,b\n1,2'))).rejects.toMatchObject({
      code: 'MILLRACE_SESSIONS_COLUMNS',
      message: expect.stringMatching(/^in file 2: /),
      detail: { file: 2 },
    });
  });
});
