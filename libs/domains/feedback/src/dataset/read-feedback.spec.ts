import { describe, expect, it } from 'vitest';
import { decodeDataset, encodeDataset } from './feedback-dataset.js';
import { readFeedback } from '../test/read-feedback.js';

const header = 'ReviewID,Clothing ID,Age,Title,Review Text,Rating,Recommended IND,Department Name';
const good = '1,77,39,Love it,Fits well and looks great.,5,1,Tops';
const reviews = (...rows: string[]) => readFeedback(Buffer.from([header, ...rows].join('\n')), 'csv', 'reviews');
const messages = (...rows: string[]) => readFeedback(Buffer.from(['id,text', ...rows].join('\n')), 'csv', 'messages');

describe('readFeedback', () => {
  it('keeps usable reviews as columns', () => {
    const { dataset } = reviews(good, '2,77,40,,"It’s ""ok"", &amp; no more",3,0,', '3,78,,Ruined,,,,Dresses');
    expect(dataset).toEqual({
      files: [{ name: 'file 1', rows: 3 }],
      row: [1, 2, 3],
      title: ['Love it', '', 'Ruined'],
      text: ['Fits well and looks great.', 'It\'s "ok", & no more', ''],
      english: [true, true, true],
      rating: [5, 3, 0],
      recommended: [true, false, null],
      department: ['Tops', '', 'Dresses'],
    });
    expect(decodeDataset(encodeDataset(dataset))).toEqual(dataset);
  });

  it('masks titles and texts, and keeps ids of rows out', () => {
    const { dataset, totals } = reviews('900100,77,39,Order no. 482133,"Call me on 07946 095 812 or write to jo@mail.example.com, card 4929 1234 5678 9012",2,0,Tops');
    expect(dataset).toMatchObject({ title: ['Order no. <order>'], text: ['Call me on <phone> or write to <email>, card <number>'] });
    expect(totals.report()).toMatchObject({ masked: { email: 1, order: 1, phone: 1, number: 1 } });
    expect(Buffer.from(encodeDataset(dataset)).toString()).not.toMatch(/482133|095|jo@|4929|900100/);
  });

  it.each([
    ['missing-text', '2,77,39,,,5,1,Tops'],
    ['missing-text', '2,77,39, ,&nbsp; ,5,1,Tops'],
    ['no-words', '2,77,39,:-),5/5!!! 07946 095812,5,1,Tops'],
    ['bad-rating', '2,77,39,,Nice,6,1,Tops'],
    ['bad-rating', '2,77,39,,Nice,four,1,Tops'],
    ['bad-recommendation', '2,77,39,,Nice,5,yes,Tops'],
    ['duplicate', good],
    ['wrong-column-count', '2,77,39,,Nice'],
  ])('rejects a row as %s: %s', (reason, row) => {
    expect(reviews(good, row).rows).toMatchObject({ accepted: 1, rejected: { [reason]: 1 }, examples: { [reason]: [2] } });
  });

  it('takes rows for duplicates by what was sent, not by what masking leaves', () => {
    const { dataset, rows } = messages('1,Call 07946 095812', '1,Call 07946 095813', '2,Call 07946 095812', '1,Call 07946 095812');
    expect(dataset.text).toEqual(['Call <phone>', 'Call <phone>', 'Call <phone>']);
    expect(rows.rejected).toEqual({ duplicate: 1 });
  });

  it('counts lengths, languages, titles, cuts and ratings of what is usable', () => {
    const { totals } = reviews(good, '2,77,39,,Die Hose ist schön und das Material auch.,4,1,', `3,77,39,,${'long '.repeat(1_000)},4,1,`, '4,77,39,,,1,0,');
    expect(totals.report()).toEqual({
      titled: 1,
      notEnglish: 1,
      cut: 1,
      masked: { email: 0, order: 0, phone: 0, number: 0 },
      characters: { median: 41, ninetiethPercentile: 3_999, longest: 3_999 },
      ratings: [0, 0, 0, 2, 1],
    });
  });

  it('reads the same messages from NDJSON', () => {
    const sent = [{ id: 7, text: 'Where is my card?', channel: 'app' }, { text: 'It came.\nThanks' }];
    const read = readFeedback(Buffer.from(sent.map((line) => JSON.stringify(line)).join('\n')), 'ndjson', 'messages');
    expect(read.dataset).toEqual(messages('7,Where is my card?', ',"It came.\nThanks"').dataset);
    expect(read.dataset).toMatchObject({ text: ['Where is my card?', 'It came. Thanks'], rating: [0, 0], recommended: [null, null], department: ['', ''] });
  });

  it('refuses a dataset of another version', () => {
    expect(() => decodeDataset(Buffer.from('{"version":0}'))).toThrow(expect.objectContaining({ code: 'MILLRACE_FEEDBACK_DATASET_VERSION', retryable: false }));
  });
});
