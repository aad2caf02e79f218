import type { ArtifactRef } from '@millrace/contracts';
import type { TaskContext } from '@millrace/tasks';
import { decodeDataset, type FeedbackDataset } from './dataset/feedback-dataset.js';
import { predictionsOf, type Predictions, scoreMessages, type TextModel } from './models/text-model.js';
import { spamModel } from './models/models.js';
import type { Message } from './text/ngrams.js';

/** Some messages of a dataset, by their places in it. */
export interface Chosen {
  readonly dataset: FeedbackDataset;
  readonly places: readonly number[];
  readonly messages: readonly Message[];
}

/** What may be analysed of a dataset, and what is left out. */
export interface Genuine extends Chosen {
  readonly leftOut: { readonly spam: number; readonly notEnglish: number };
}

/** The English messages of a dataset: the models and the stop words know no other language. */
export function englishOf(dataset: FeedbackDataset): Chosen {
  const places = dataset.row.flatMap((_, place) => (dataset.english[place] ? [place] : []));
  return { dataset, places, messages: places.map((place) => ({ title: dataset.title[place] ?? '', text: dataset.text[place] ?? '' })) };
}

/** The messages that analyses read: English and no spam. */
export async function genuineOf(ctx: TaskContext, ref: ArtifactRef): Promise<Genuine> {
  const dataset = decodeDataset(await ctx.artifacts.read(ref));
  const english = englishOf(dataset);
  const { label } = await predict(ctx, spamModel, english.messages);
  const kept = english.places.flatMap((_, index) => (label[index] === 0 ? [index] : []));
  const notEnglish = dataset.row.length - english.places.length;
  return {
    dataset,
    places: kept.flatMap((index) => english.places[index] ?? []),
    messages: kept.flatMap((index) => english.messages[index] ?? []),
    leftOut: { spam: english.places.length - kept.length, notEnglish },
  };
}

export const predict = async (ctx: TaskContext, model: TextModel, messages: readonly Message[]): Promise<Predictions> =>
  predictionsOf(model, await scoreMessages(model, ctx.model(model.definition), messages, ctx.signal));
