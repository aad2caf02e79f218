import { describe, expect, it } from 'vitest';
import { runFiles } from '../test/run-file.js';

const messages = (...rows: readonly string[]) => Buffer.from(['id,text', ...rows].join('\n'));
const reviews = (...rows: readonly string[]) => Buffer.from(['Title,Review Text,Rating', ...rows].join('\n'));

describe('the dataset of feedback', () => {
  it('is refused without a usable row, with the reasons', async () => {
    await expect(runFiles([messages('1,', '2,12345', '3,')], 'text/csv')).rejects.toMatchObject({
      code: 'MILLRACE_FEEDBACK_NOTHING_USABLE',
      retryable: false,
      message: expect.stringContaining('none of the 3 rows can be used (2 × missing-text, 1 × no-words)'),
      detail: { rows: 3, rejected: { 'missing-text': 2, 'no-words': 1 }, examples: { 'missing-text': [1, 3], 'no-words': [2] } },
    });
  });

  it('is one of reviews and messages together', async () => {
    const { dataset, report, insights } = await runFiles([reviews('Lovely,I love this soft dress and wear it all the time.,5'), messages('1,Where is my parcel?', '1,Where is my parcel?')], 'text/csv');
    expect(dataset).toMatchObject({
      files: [{ name: 'file 1', rows: 1 }, { name: 'file 2', rows: 2 }],
      row: [1, 2],
      title: ['Lovely', ''],
      rating: [5, 0],
    });
    expect(report).toMatchObject({ rows: 3, titled: 1, accepted: 2, rejected: { duplicate: 1 }, files: [{ kind: 'reviews', rows: 1 }, { kind: 'messages', rows: 2, examples: { duplicate: [2] } }] });
    expect(insights.get('feedback.sentiment')).toMatchObject({ read: 2, ratings: { stated: 1 }, mostPositive: [{ file: 'file 1', row: 1 }] });
  });
});
