import { describe, expect, it } from 'vitest';
import { summarise } from './summarise.js';
import { runFile } from './test/run-file.js';

const reviews = Buffer.from(
  ['Title,Review Text,Rating', 'Love it,I love this dress! It fits perfectly and I wear it all the time.,5', 'Bad,Awful quality. These jeans ripped after one wash and I returned them.,1', 'Ruined,,'].join('\n'),
);

describe('the feedback’s part of a summary', () => {
  it('says what was found, without anything that customers wrote', async () => {
    const { report, insights } = await runFile(reviews, 'text/csv');
    const { sentences, figures } = summarise({ report, insights: Object.fromEntries([...insights].map(([name, insight]) => [name.split('.')[1], insight])) });
    expect(sentences.slice(0, 2)).toEqual(['All 3 rows can be used.', 'Of 3 English messages 0 are spam.']);
    expect(sentences).toHaveLength(5);
    expect(figures).toMatchObject({ rows: 3, accepted: 3, leftOut: 0, messagesRead: 3, spam: 0 });
    expect(sentences.join(' ')).not.toMatch(/ripped|fits perfectly/i);
  });

  it('does without insights that failed, and without a message to speak of', () => {
    const none = [{ name: 'negative', messages: 0, share: 0 }];
    const insights = { sentiment: { sentiments: none }, department: { departments: none }, intent: { noneOfThese: { share: 0 }, intents: [] }, spam: { read: 1, spam: 1 } };
    expect(summarise({ report: { rows: 1, accepted: 1, rejected: {} }, insights }).sentences).toEqual(['The 1 row can be used.', 'Of 1 English message 1 is spam.']);
  });
});
