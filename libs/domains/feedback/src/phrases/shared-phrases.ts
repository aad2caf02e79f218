import type { Message } from '../text/ngrams.js';
import { gap, Lexicon } from './sentences.js';

/** Two or three words in a row, by number, and the messages that have them. */
export interface SharedPhrase {
  readonly words: readonly number[];
  /** In order, each once. */
  readonly at: readonly number[];
}

export interface SharedPhrases {
  readonly lexicon: Lexicon;
  readonly phrases: readonly SharedPhrase[];
}

/** Key → the messages that have it. Keys are pairs of numbers below 2²⁶. */
type Postings = Map<number, number[]>;
type KeyAt = (words: Int32Array, at: number) => number;

const blockMessages = 1_024;
const radix = 2 ** 26;
const keyOf = (left: number, right: number): number => left * radix + right;
const leftOf = (key: number): number => Math.floor(key / radix);
const rightOf = (key: number): number => key % radix;
const ofPair = (key: number): number[] => [leftOf(key), rightOf(key)];

/**
 * Pairs and triples of words that at least `fewest` messages have. A triple can only be so common when both its pairs are, so
 * the rest is never counted. Rejects with the signal's reason once it has aborted.
 */
export async function sharedPhrases(messages: readonly Message[], fewest: number, signal: AbortSignal): Promise<SharedPhrases> {
  const lexicon = new Lexicon();
  const read: Int32Array[] = [];
  await inBlocks(messages.length, signal, (index) => void read.push(lexicon.read(messages[index] ?? { title: '', text: '' })));
  const pairs = await postings(read, fewest, signal, pairKeys(lexicon, fewest));
  const keys = [...pairs.keys()];
  const triples = await postings(read, fewest, signal, tripleKeys(keys));
  const ofTriple = (key: number): number[] => [...ofPair(keys[leftOf(key)] ?? 0), rightOf(key)];
  const phrases = [...[...pairs].map(([key, at]) => ({ words: ofPair(key), at })), ...[...triples].map(([key, at]) => ({ words: ofTriple(key), at }))];
  return { lexicon, phrases };
}

/** Calls `visit` with 0 to `count` − 1, and lets other work go on after each block. */
async function inBlocks(count: number, signal: AbortSignal, visit: (index: number) => void): Promise<void> {
  for (let from = 0; from < count; from += blockMessages) {
    signal.throwIfAborted();
    for (let index = from; index < Math.min(from + blockMessages, count); index++) visit(index);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function postings(read: readonly Int32Array[], fewest: number, signal: AbortSignal, keyAt: KeyAt): Promise<Postings> {
  const found: Postings = new Map();
  await inBlocks(read.length, signal, (message) => {
    const words = read[message] ?? new Int32Array();
    for (let at = 0; at < words.length; at++) post(found, keyAt(words, at), message);
  });
  for (const [key, messages] of found) if (messages.length < fewest) found.delete(key);
  return found;
}

function post(found: Postings, key: number, message: number): void {
  if (key === gap) return;
  const known = found.get(key);
  if (!known) found.set(key, [message]);
  else if (known.at(-1) !== message) known.push(message);
}

function pairKeys(lexicon: Lexicon, fewest: number): KeyAt {
  const isShared = (word: number): boolean => word !== gap && lexicon.messagesWith(word) >= fewest;
  return (words, at) => {
    const [left = gap, right = gap] = [words[at], words[at + 1]];
    return isShared(left) && isShared(right) ? keyOf(left, right) : gap;
  };
}

/** The left part of a triple's key is the place of its first pair in `pairs`. */
function tripleKeys(pairs: readonly number[]): KeyAt {
  const places = new Map(pairs.map((key, place) => [key, place]));
  const placeAt = (words: Int32Array, at: number): number => places.get(keyOf(words[at] ?? gap, words[at + 1] ?? gap)) ?? gap;
  return (words, at) => {
    const place = placeAt(words, at);
    return place !== gap && placeAt(words, at + 1) !== gap ? keyOf(place, words[at + 2] ?? 0) : gap;
  };
}
