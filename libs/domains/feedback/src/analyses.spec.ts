import { MemoryArtifacts, memoryContext } from '@millrace/domain-testing';
import { loadOnnxModels } from '@millrace/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { departmentNamed } from './department/department.task.js';
import { encodeDataset } from './dataset/feedback-dataset.js';
import { feedbackDomain } from './feedback.domain.js';
import { sentimentOfRating } from './sentiment/sentiment.task.js';
import { readFeedback } from './test/read-feedback.js';
import { runFile } from './test/run-file.js';

const spam = 'CONGRATULATIONS! You have won a guaranteed £1000 cash prize. Call 09050 003 091 now to claim. Txt STOP to 87239';
const german = 'Die Hose ist schön und das Material auch, aber sie ist mir zu groß.';
const reviews = [
  'Title,Review Text,Rating,Recommended IND,Department Name',
  'Love it,I love this dress! It fits perfectly and I get compliments every time I wear it.,5,1,Dresses',
  'Gorgeous dress,"The fabric is soft, the dress is beautiful and I wear it all the time.",5,1,Dresses',
  'Disappointed,Awful quality. These jeans ripped after one wash and I returned them.,1,0,Bottoms',
  'Great jeans,"The best jeans I own, comfortable and flattering; the waist does not gap.",2,1,Bottoms',
  `,"${spam}",5,1,Tops`,
  `,"${german}",4,1,Bottoms`,
].join('\n');
const questions = ['text', `"My card hasn't arrived yet, how long does it take?"`, 'what is the exchange rate when I pay in euros', 'please set an alarm for six in the morning', `"${spam}"`].join('\n');

describe('the analyses of reviews', () => {
  let ran: Awaited<ReturnType<typeof runFile>>;
  const insight = (name: string) => ran.insights.get(`feedback.${name}`);
  beforeAll(async () => {
    ran = await runFile(Buffer.from(reviews), 'text/csv');
  });

  it('find the spam, its number masked', () => {
    expect(insight('spam')).toMatchObject({ model: 'feedback.spam@1', read: 5, leftOut: { notEnglish: 1 }, spam: 1, share: 0.2, surest: [{ row: 5, text: expect.stringContaining('Call <phone> now') }] });
  });

  it.each(['sentiment', 'recommendation', 'department', 'intent', 'phrases'])('leave spam and other languages out of %s', (name) => {
    expect(insight(name)).toMatchObject({ read: 4, leftOut: { spam: 1, notEnglish: 1 } });
  });

  it('tell sentiments, and where ratings say otherwise', () => {
    expect(insight('sentiment')).toMatchObject({
      model: 'feedback.sentiment@1',
      sentiments: [
        { name: 'negative', messages: 1, share: 0.25 },
        { name: 'neutral', messages: 0, share: 0 },
        { name: 'positive', messages: 3, share: 0.75 },
      ],
      ratings: { stated: 4, agreed: 3, share: 0.75 },
      mostNegative: [{ row: 3 }],
    });
  });

  it('tell who recommends', () => {
    expect(insight('recommendation')).toMatchObject({
      model: 'feedback.recommendation@1',
      recommendations: [
        { name: 'not recommended', messages: 1 },
        { name: 'recommended', messages: 3 },
      ],
      statements: { stated: 4, agreed: 4, share: 1 },
      leastRecommended: [{ row: 3, text: expect.stringMatching(/^Disappointed: Awful/) }],
    });
  });

  it('tell departments, most frequent first', () => {
    const { departments, named } = insight('department') as { departments: Array<{ name: string; messages: number }>; named: unknown };
    expect(departments.slice(0, 2).map(({ name, messages }) => [name, messages])).toEqual([
      ['bottoms', 2],
      ['dresses', 2],
    ]);
    expect(named).toEqual({ stated: 4, agreed: 4, share: 1 });
  });

  it('come out the same every time, below 8 KB', async () => {
    const again = await runFile(Buffer.from(reviews), 'text/csv');
    expect(again.ref).toEqual(ran.ref);
    expect([...again.insights]).toEqual([...ran.insights]);
    for (const each of ran.insights.values()) expect(JSON.stringify(each).length).toBeLessThan(8_192);
  });
});

describe('the analyses of messages', () => {
  it('tell intents, and what is none of them', async () => {
    const { insights, report } = await runFile(Buffer.from(questions), 'text/csv');
    expect(report).toMatchObject({ kind: 'messages', rows: 4, accepted: 4 });
    expect(insights.get('feedback.intent')).toMatchObject({
      model: 'feedback.intent@1',
      read: 3,
      leftOut: { spam: 1, notEnglish: 0 },
      noneOfThese: { messages: 1, share: 0.3333, surest: [{ row: 3 }] },
      intentsFound: 2,
      intents: expect.arrayContaining([expect.objectContaining({ name: 'card_arrival', messages: 1 }), expect.objectContaining({ name: 'exchange_rate', messages: 1 })]),
    });
  });

  it('compare with nothing where nothing is stated', async () => {
    const { insights } = await runFile(Buffer.from(questions), 'text/csv');
    expect(insights.get('feedback.sentiment')).toMatchObject({ ratings: { stated: 0, agreed: 0, share: 0 } });
    expect(insights.get('feedback.phrases')).toEqual({ read: 3, leftOut: { spam: 1, notEnglish: 0 }, phrases: [] });
  });

  it('have nothing to say of other languages alone', async () => {
    const { insights } = await runFile(Buffer.from(JSON.stringify({ text: german })), 'application/x-ndjson');
    for (const each of insights.values()) expect(each).toMatchObject({ read: 0, leftOut: { notEnglish: 1 } });
  });
});

describe('the mean rating of phrases', () => {
  it('is over the rated messages that have the phrase', async () => {
    const rows = ['2,runs small', '3,it runs small', '4,runs small here', ',runs small indeed', '5,nice', '5,lovely colour'];
    const { insights } = await runFile(Buffer.from(['Rating,Review Text', ...rows].join('\n')), 'text/csv');
    expect(insights.get('feedback.phrases')).toMatchObject({ meanRating: 3.8, phrases: [{ phrase: 'runs small', messages: 4, meanRating: 3 }] });
  });
});

describe('labels that files state', () => {
  it.each([
    [0, undefined],
    [1, 'negative'],
    [2, 'negative'],
    [3, 'neutral'],
    [4, 'positive'],
    [5, 'positive'],
  ])('rating %i is %s', (rating, label) => {
    expect(['negative', 'neutral', 'positive'][sentimentOfRating(rating)]).toBe(label);
  });

  it.each([
    ['Tops', 'tops'],
    ['Initmates', 'intimates'],
    ['Intimate', 'intimates'],
    ['Shoes', undefined],
    ['', undefined],
  ])('department %j is %s', (name, label) => {
    expect(['bottoms', 'dresses', 'intimates', 'jackets', 'tops', 'trend'][departmentNamed(name)]).toBe(label);
  });
});

describe('every analysis', () => {
  it.each(feedbackDomain.analyses.map((task) => [task.name, task] as const))('%s stops with the signal’s reason', async (_, task) => {
    const artifacts = new MemoryArtifacts();
    const { dataset } = readFeedback(Buffer.from(questions), 'csv', 'messages');
    const ref = await artifacts.write('dataset.json', encodeDataset(dataset), 'application/json');
    const reason = new Error('time is up');
    const ctx = memoryContext(artifacts, ref, await loadOnnxModels(feedbackDomain.models), AbortSignal.abort(reason));
    await expect(task.handler(ctx, ref)).rejects.toBe(reason);
  });
});
