import { loadOnnxModels } from '@millrace/models';
import { describe, expect, it } from 'vitest';
import { type ExpectedScores, fixture, maskedMessages, metricsOf, sentMessages } from '../test/fixtures.js';
import { mask } from '../text/mask.js';
import { type Message, NgramCounter } from '../text/ngrams.js';
import { normalise } from '../text/normalise.js';
import { departmentModel, intentModel, recommendationModel, sentimentModel, spamModel } from './models.js';
import { scoreMessages, type TextModel } from './text-model.js';

const models = { spam: spamModel, sentiment: sentimentModel, recommendation: recommendationModel, department: departmentModel, intent: intentModel };
const signal = new AbortController().signal;

/** How many buckets a message fills, and the sum of bucket × count. */
function bucketsOf({ shape, definition }: TextModel, message: Message) {
  const row = new Float32Array(definition.features);
  new NgramCounter(shape).write(row, message);
  const filled = row.subarray(0, shape.slots).findIndex((bucket) => bucket === 0);
  const buckets = filled < 0 ? shape.slots : filled;
  const counts = row.subarray(shape.slots).map((value) => Math.round(Math.exp(value - 1)));
  return { buckets, sum: row.subarray(0, buckets).reduce((sum, bucket, slot) => sum + bucket * (counts[slot] ?? 0), 0) };
}

describe('Python and TypeScript', () => {
  it('normalise and mask alike', () => {
    expect(sentMessages().map(({ title = '', text }) => ({ title: mask(normalise(title)), text: mask(normalise(text)) }))).toEqual(maskedMessages());
  });

  it.each(Object.entries(models))('put the same n-grams into buckets for %s', (name, model) => {
    const expected = fixture<ExpectedScores[]>(name).map(({ buckets, sum }) => ({ buckets, sum }));
    expect(maskedMessages().map((message) => bucketsOf(model, message))).toEqual(expected);
  });

  it.each(Object.entries(models))('give %s the scores of scikit-learn', async (name, model) => {
    const loaded = (await loadOnnxModels([model.definition])).get(model.definition);
    const scores = await scoreMessages(model, loaded, maskedMessages(), signal);
    const expected = fixture<ExpectedScores[]>(name).flatMap((message) => message.scores);
    const differences = expected.map((score, index) => Math.abs(score - (scores[index] ?? NaN)));
    expect(scores).toHaveLength(expected.length);
    expect(Math.max(...differences)).toBeLessThan(2e-5);
  });

  it.each(Object.entries(models))('name the file and the labels of %s alike', (name, model) => {
    const { sha256, labels } = metricsOf(name);
    expect({ sha256: model.definition.sha256, labels: model.labels }).toEqual({ sha256, labels });
  });
});
