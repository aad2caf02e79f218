import type { Message } from '../text/ngrams.js';
import { stopWords } from './stop-words.js';

/** Stands between parts of a message that no phrase reaches across. */
export const gap = -1;

const parts = /<[a-z]+>|[^\p{L}\p{M}' -]+| - /u;
const words = /\p{L}[\p{L}\p{M}]*(?:'\p{L}+)*/gu;

/** Gives words numbers, and counts in how many messages each comes. */
export class Lexicon {
  readonly words: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #messages: number[] = [];
  readonly #last: number[] = [];
  #read = 0;

  /** The words of the next message by number, with gaps where its marks, numbers and masks are. */
  read({ title, text }: Message): Int32Array {
    const found: number[] = [];
    for (const part of [...title.toLowerCase().split(parts), ...text.toLowerCase().split(parts)]) {
      for (const word of part.match(words) ?? []) found.push(this.#numberOf(word));
      if (found.at(-1) !== gap) found.push(gap);
    }
    this.#read += 1;
    return Int32Array.from(found);
  }

  /** How many messages have the word. */
  messagesWith(word: number): number {
    return this.#messages[word] ?? 0;
  }

  isTelling(word: number): boolean {
    const text = this.words[word] ?? '';
    return text.length > 1 && !stopWords.has(text);
  }

  #numberOf(word: string): number {
    const known = this.#numbers.get(word);
    const number = known ?? this.words.push(word) - 1;
    if (known === undefined) this.#numbers.set(word, number);
    if (this.#last[number] !== this.#read) this.#messages[number] = (this.#messages[number] ?? 0) + 1;
    this.#last[number] = this.#read;
    return number;
  }
}
