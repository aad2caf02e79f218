import type { Message } from '../text/ngrams.js';
import type { Lexicon } from './sentences.js';
import { sharedPhrases, type SharedPhrase } from './shared-phrases.js';

/** Two or three words that messages share. */
export interface KeyPhrase {
  readonly phrase: string;
  /** The places of the messages that have it. */
  readonly at: readonly number[];
  /** n · ln(n · N^(k−1) / ∏ nᵢ), where n of N messages have the phrase, and nᵢ its i-th word, of k. */
  readonly score: number;
}

/** Three, so that a phrase is nobody's own, and one in five hundred. */
const fewestMessages = (messages: number): number => Math.max(3, Math.ceil(messages / 500));

/** A pair that comes within one longer phrase in so many of its messages says no more than that phrase. */
const mostlyWithin = 0.7;

/** Phrases that begin and end with telling words, highest score first. Rejects with the signal's reason once it has aborted. */
export async function keyPhrases(messages: readonly Message[], signal: AbortSignal): Promise<KeyPhrase[]> {
  const { lexicon, phrases } = await sharedPhrases(messages, fewestMessages(messages.length), signal);
  const telling = phrases.filter(({ words }) => lexicon.isTelling(words[0] ?? -1) && lexicon.isTelling(words.at(-1) ?? -1));
  const found = withoutParts(telling).map((phrase) => keyPhrase(phrase, lexicon, messages.length));
  return found.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score || (a.phrase < b.phrase ? -1 : 1));
}

function withoutParts(phrases: readonly SharedPhrase[]): SharedPhrase[] {
  const within = new Map<string, number>();
  for (const { words, at } of phrases.filter((phrase) => phrase.words.length > 2)) {
    for (const part of [words.slice(0, 2), words.slice(1)]) within.set(part.join(), Math.max(within.get(part.join()) ?? 0, at.length));
  }
  return phrases.filter(({ words, at }) => words.length > 2 || (within.get(words.join()) ?? 0) < mostlyWithin * at.length);
}

function keyPhrase({ words, at }: SharedPhrase, lexicon: Lexicon, messages: number): KeyPhrase {
  const expected = words.reduce((product, word) => product * (lexicon.messagesWith(word) / messages), messages);
  return { phrase: words.map((word) => lexicon.words[word] ?? '').join(' '), at, score: at.length * Math.log(at.length / expected) };
}
