import { readFileSync } from 'node:fs';

/**
 * How much more (above 0) or less often than others goods with this word in their description come back; trained together with the model.
 * The Python twin is tools/models/orders-returns/words.py; change both or neither.
 */
export type WordWeights = Readonly<Record<string, number>>;

export const wordsFile = new URL('../../models/orders-returns-words.json', import.meta.url);

export const wordWeights = JSON.parse(readFileSync(wordsFile, 'utf8')) as WordWeights;

/** The mean weight of the different words that are known; 0 without any. */
export function wordScore(description: string, weights: WordWeights): number {
  const words = new Set(description.toLowerCase().match(/[a-z]{3,}/g));
  const known = [...words].toSorted().filter((word) => Object.hasOwn(weights, word));
  return known.reduce((sum, word) => sum + (weights[word] ?? 0), 0) / Math.max(known.length, 1);
}
