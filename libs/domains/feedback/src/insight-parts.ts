import { placeOf } from '@millrace/domain';
import type { Chosen } from './genuine.js';
import type { FeedbackDataset } from './dataset/feedback-dataset.js';
import type { Predictions } from './models/text-model.js';

const excerptLength = 100;

/** Four decimals; 0 of nothing. */
export const shareOf = (part: number, whole: number): number => (whole > 0 ? Math.round((part / whole) * 10_000) / 10_000 : 0);

/** How many messages have each label, in the order of the labels. */
export function countsOf(labels: readonly string[], { label }: Predictions) {
  const counts = labels.map(() => 0);
  for (const index of label) counts[index] = (counts[index] ?? 0) + 1;
  return labels.map((name, index) => ({ name, messages: counts[index] ?? 0, share: shareOf(counts[index] ?? 0, label.length) }));
}

/** The messages with label `wanted` of which the model is surest, as row, margin and the beginning of the masked text. */
export function surest({ dataset, places }: Chosen, { label, margin }: Predictions, wanted: number, count: number) {
  const indices = places.flatMap((_, index) => (label[index] === wanted ? [index] : []));
  const ranked = indices.toSorted((a, b) => (margin[b] ?? 0) - (margin[a] ?? 0) || a - b);
  return ranked.slice(0, count).map((index) => ({ ...pointAt(dataset, places[index] ?? 0), margin: Math.round((margin[index] ?? 0) * 100) / 100 }));
}

const pointAt = (dataset: FeedbackDataset, place: number) => ({ ...placeOf(dataset.files, dataset.row[place] ?? 0), text: excerpt(dataset, place) });

function excerpt({ title, text }: FeedbackDataset, place: number): string {
  const whole = [title[place], text[place]].filter((part) => part).join(': ');
  return whole.length > excerptLength ? `${whole.slice(0, excerptLength - 1).toWellFormed()}…` : whole;
}

/** How often what the file says itself is what the model says; `stated` gives a label's position, or −1 where the file says nothing. */
export function agreement({ places }: Chosen, { label }: Predictions, stated: (place: number) => number) {
  const told = places.flatMap((place, index) => (stated(place) >= 0 ? [{ said: stated(place), found: label[index] }] : []));
  const agreed = told.filter(({ said, found }) => said === found).length;
  return { stated: told.length, agreed, share: shareOf(agreed, told.length) };
}
