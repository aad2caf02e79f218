import { describe, expect, it } from 'vitest';
import { clickExport, summaryCells, summaryExport } from '../testing/rows.js';
import { readSessions } from './read-sessions.js';
import { decodeDataset } from './session-dataset.js';

describe('readSessions', () => {
  it('refuses a file of which no row is usable and says why', () => {
    expect(() => readSessions(clickExport({ order: '0' }, { page: '9' }), 'text/csv')).toThrow(
      expect.objectContaining({
        code: 'MILLRACE_SESSIONS_NOTHING_USABLE',
        retryable: false,
        message: expect.stringContaining('none of the 2 rows can be used (1 × bad-order, 1 × bad-page)'),
        detail: { rows: 2, rejected: { 'bad-order': 1, 'bad-page': 1 }, examples: { 'bad-order': [1], 'bad-page': [2] } },
      }),
    );
    expect(() => readSessions(summaryExport([{ Month: '' }]), 'text/csv')).toThrow(expect.objectContaining({ code: 'MILLRACE_SESSIONS_NOTHING_USABLE' }));
  });

  it.each([
    ['text/csv', 'a;b\n1;2'],
    ['application/x-ndjson', JSON.stringify({ ...summaryCells, ExitRates: undefined })],
  ])('refuses other columns in %s', (contentType, text) => {
    expect(() => readSessions(Buffer.from(text), contentType)).toThrow(
      expect.objectContaining({ code: 'MILLRACE_SESSIONS_COLUMNS', retryable: false, message: expect.stringContaining('page 1 (main category)') }),
    );
  });

  it('refuses a header without rows, and text that is not UTF-8', () => {
    expect(() => readSessions(clickExport(), 'text/csv')).toThrow(expect.objectContaining({ code: 'MILLRACE_ROWS_EMPTY' }));
    expect(() => readSessions(Buffer.concat([clickExport({}), Buffer.of(0x0a, 0xff)]), 'text/csv')).toThrow(expect.objectContaining({ code: 'MILLRACE_ROWS_NOT_UTF8' }));
  });

  it('refuses a dataset of another version', () => {
    expect(() => decodeDataset(Buffer.from('{"version":0}'))).toThrow(expect.objectContaining({ code: 'MILLRACE_SESSIONS_DATASET_VERSION', retryable: false }));
  });
});
