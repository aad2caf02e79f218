import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRows } from '@millrace/frame';
import { loadOnnxModels } from '@millrace/models';
import { describe, expect, it } from 'vitest';
import { departmentModel, intentModel, noIntent, recommendationModel, sentimentModel, spamModel } from './models/models.js';
import { predictionsOf, scoreMessages, type TextModel } from './models/text-model.js';
import { metricsOf } from './test/fixtures.js';
import { runFile } from './test/run-file.js';
import { mask } from './text/mask.js';
import { normalise } from './text/normalise.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = resolve(root, process.env['MILLRACE_SHARED_DATA'] ?? '../shared/data');
const sets = ['fashion_reviews', 'sms_spam', 'banking77', 'clinc150'];
const missing = sets.filter((set) => !existsSync(join(folder, set)));

type Row = Readonly<Record<string, string>>;

function rowsOf(set: string, columns: readonly string[]): Row[] {
  const rows: Row[] = [];
  readRows(readFileSync(join(folder, set, 'demo.csv')), 'csv', { required: columns, optional: [] }, (cells) => {
    rows.push(Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ''])));
    return undefined;
  });
  return rows;
}

const reviews = (): Row[] =>
  rowsOf('fashion_reviews', ['Title', 'Review Text', 'Rating', 'Recommended IND', 'Department Name']).filter((row) => `${row['Title']}${row['Review Text']}`.trim() !== '' && row['Department Name'] !== '');
const clinc = (isWanted: (row: Row) => boolean): Row[] => rowsOf('clinc150', ['text', 'intent', 'domain']).filter(isWanted);

async function scoresOf(model: TextModel, rows: readonly Row[]): Promise<Float32Array> {
  const messages = rows.map((row) => ({ title: mask(normalise(row['Title'] ?? '')), text: mask(normalise(row['Review Text'] ?? row['text'] ?? '')) }));
  const loaded = (await loadOnnxModels([model.definition])).get(model.definition);
  return scoreMessages(model, loaded, messages, new AbortController().signal);
}

async function labelsOf(model: TextModel, rows: readonly Row[], without?: string): Promise<readonly string[]> {
  const scores = await scoresOf(model, rows);
  if (without) for (let index = model.labels.indexOf(without); index < scores.length; index += model.labels.length) scores[index] = -Infinity;
  return Array.from(predictionsOf(model, scores).label, (index) => model.labels[index] ?? '');
}

const accuracy = (truth: readonly string[], found: readonly string[]): number => truth.filter((label, index) => label === found[index]).length / truth.length;

function f1(label: string, truth: readonly string[], found: readonly string[]): number {
  const both = truth.filter((each, index) => each === label && found[index] === label).length;
  return (2 * both) / (truth.filter((each) => each === label).length + found.filter((each) => each === label).length);
}

function macroF1(truth: readonly string[], found: readonly string[]): number {
  const labels = [...new Set(truth)];
  return labels.reduce((sum, label) => sum + (f1(label, truth, found) || 0), 0) / labels.length;
}

const sentimentOf = (rating: number): string => (rating <= 2 ? 'negative' : rating === 3 ? 'neutral' : 'positive');
const departmentOf = (name: string): string => (name.startsWith('In') ? 'intimates' : name.toLowerCase());

describe.skipIf(missing.length > 0)(`real messages${missing.length > 0 ? ` (skipped: no ${missing.join(', ')} in ${folder}; set MILLRACE_SHARED_DATA)` : ''}`, () => {
  it.each([
    ['sentiment', sentimentModel, (row: Row) => sentimentOf(Number(row['Rating'])), 'macro f1', macroF1],
    ['recommendation', recommendationModel, (row: Row) => (row['Recommended IND'] === '1' ? 'recommended' : 'not recommended'), 'macro f1', macroF1],
    ['department', departmentModel, (row: Row) => departmentOf(row['Department Name'] ?? ''), 'accuracy', accuracy],
  ] as const)('%s reaches its goal on reviews, and the figure of Python', async (name, model, truthOf, figure, measure) => {
    const { demo, goal } = metricsOf(name);
    const rows = reviews();
    const found = measure(rows.map(truthOf), await labelsOf(model, rows));
    expect(found).toBeGreaterThanOrEqual(goal[figure] ?? 1);
    expect(found).toBeCloseTo(Number(demo['fashion_reviews']?.[figure]), 4);
  });

  it('spam reaches its goal on text messages, and the figure of Python', async () => {
    const { demo, goal } = metricsOf('spam');
    const rows = rowsOf('sms_spam', ['label', 'text']);
    const found = f1('spam', rows.map(({ label = '' }) => label), await labelsOf(spamModel, rows));
    expect(found).toBeGreaterThanOrEqual(goal['f1 of spam'] ?? 1);
    expect(found).toBeCloseTo(Number(demo['sms_spam']?.['f1 of spam']), 4);
  });

  it.each([
    ['with', undefined],
    ['without', noIntent],
  ])('intent reaches its goal on bank questions %s "none of these" among the answers, and the figure of Python', async (_, without) => {
    const { demo, demoWithoutNone, goal } = metricsOf('intent');
    const rows = rowsOf('banking77', ['text', 'category']);
    const found = accuracy(rows.map(({ category = '' }) => category), await labelsOf(intentModel, rows, without));
    expect(found).toBeGreaterThanOrEqual(goal['accuracy'] ?? 1);
    expect(found).toBeCloseTo(Number((without ? demoWithoutNone : demo)?.['banking77']?.['accuracy']), 4);
  });

  it('intent tells what is out of scope as Python does', async () => {
    const rows = clinc(({ intent }) => intent === 'oos');
    const found = accuracy(rows.map(() => noIntent), await labelsOf(intentModel, rows));
    expect(found).toBeCloseTo(Number(metricsOf('intent').demo['clinc150 out of scope']?.['accuracy']), 4);
  });

  it.each([
    ['spam', spamModel, 'sms_spam', () => rowsOf('sms_spam', ['label', 'text'])],
    ['sentiment', sentimentModel, 'fashion_reviews', reviews],
    ['recommendation', recommendationModel, 'fashion_reviews', reviews],
    ['department', departmentModel, 'fashion_reviews', reviews],
    ['intent', intentModel, 'banking77', () => rowsOf('banking77', ['text', 'category'])],
  ] as const)('the scores of %s add up to what those of scikit-learn do', async (name, model, set, rows) => {
    const scores = await scoresOf(model, rows());
    const sum = scores.reduce((total, score) => total + score, 0);
    expect(Math.abs(sum - (metricsOf(name).scikitLearnScoreSums[set] ?? NaN)) / scores.length).toBeLessThan(1e-6);
  });

  it('a file of reviews goes through every analysis, none of it taken for spam', async () => {
    const { report, insights } = await runFile(join(folder, 'fashion_reviews', 'demo.csv'), 'text/csv');
    expect(report).toMatchObject({ kind: 'reviews', rows: 3_534 });
    expect(insights.get('feedback.spam')).toMatchObject({ spam: 0 });
    const { phrases } = insights.get('feedback.phrases') as { phrases: ReadonlyArray<{ readonly phrase: string }> };
    expect(phrases.map(({ phrase }) => phrase)).toEqual(expect.arrayContaining(['true to size', 'highly recommend']));
    for (const insight of insights.values()) expect(JSON.stringify(insight).length).toBeLessThan(8_192);
  });
});
