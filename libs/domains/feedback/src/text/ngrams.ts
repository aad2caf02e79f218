/** What is made of a message, and into how many buckets (a power of two) and slots. */
export interface Shape {
  readonly buckets: number;
  readonly slots: number;
  /** Whether pairs of neighbouring words count. */
  readonly pairs: boolean;
  /** The shortest and the longest n-gram of characters, if they count. */
  readonly characters?: readonly [shortest: number, longest: number];
  /** Whether punctuation counts. */
  readonly marks: boolean;
}

/** Normalised and masked. */
export interface Message {
  readonly title: string;
  readonly text: string;
}

const word = "<[a-z]+>|[a-z\u00DF-\u00F6\u00F8-\u00FF]+(?:'[a-z\u00DF-\u00F6\u00F8-\u00FF]+)*|[0-9]+";
const wordPattern = new RegExp(word, 'g');
const markPattern = new RegExp(`${word}|[!?]+|\\.{2,}|[£$€%@*:;/()]`, 'g');
const longNumber = /^[0-9]{3,}$/;

const seeds = { word: 0x811c9dc5, pair: 0x2f0b4c47, characters: 0x1b873593, title: 0x7feb352d } as const;
const prime = 0x01000193;
const wordStart = 0x02;
const wordEnd = 0x03;

/** Lower-case words, numbers and, if asked for, marks; from three digits on a number is zeros, as many as it has digits up to twelve. */
export function tokensOf(text: string, marks: boolean): readonly string[] {
  const found = text.toLowerCase().match(marks ? markPattern : wordPattern) ?? [];
  return found.map((token) => (longNumber.test(token) ? '0'.repeat(Math.min(token.length, 12)) : token));
}

/**
 * Turns messages into rows of a model's input: the numbers of their hashed n-grams' buckets in order of appearance, then 1 + ln(count)
 * of each. A word is framed by U+0002 and U+0003 before it is cut into characters' n-grams; words of a title count as words, too. The
 * message ends where an n-gram finds no free slot. The Python twin is tools/models/feedback/features.py; change both or neither.
 */
export class NgramCounter {
  readonly #shape: Shape;
  /** Of each bucket the slot that it has in the current message, from 1; 0 for none. */
  readonly #slotOf: Uint16Array;
  readonly #buckets: Uint32Array;
  readonly #counts: Uint32Array;
  #used = 0;
  #isFull = false;

  constructor(shape: Shape) {
    this.#shape = shape;
    this.#slotOf = new Uint16Array(shape.buckets);
    this.#buckets = new Uint32Array(shape.slots);
    this.#counts = new Uint32Array(shape.slots);
  }

  /** Writes into a row of 2 × slots zeros. */
  write(row: Float32Array, message: Message): void {
    this.#count(message);
    for (let slot = 0; slot < this.#used; slot++) {
      row[slot] = this.#buckets[slot] ?? 0;
      const count = this.#counts[slot] ?? 1;
      row[this.#shape.slots + slot] = count === 1 ? 1 : 1 + Math.log(count);
    }
    this.#reset();
  }

  #count({ title, text }: Message): void {
    const inTitle = tokensOf(title, this.#shape.marks);
    for (const token of inTitle) this.#add(joined(wordHash(token), 0, seeds.title));
    let before: number | undefined;
    for (const token of [...inTitle, ...tokensOf(text, this.#shape.marks)]) {
      if (this.#isFull) return;
      const own = wordHash(token);
      this.#add(own);
      if (this.#shape.pairs && before !== undefined) this.#add(joined(before, own, seeds.pair));
      if (this.#shape.characters) this.#addCharacters(token, this.#shape.characters);
      before = own;
    }
  }

  #addCharacters(token: string, [shortest, longest]: readonly [number, number]): void {
    const framed = token.length + 2;
    for (let from = 0; from < framed; from++) {
      let state: number = seeds.characters;
      for (let length = 1; length <= longest && from + length <= framed; length++) {
        state = Math.imul(state ^ framedUnit(token, from + length - 1), prime);
        if (length >= shortest) this.#add(state);
      }
    }
  }

  #add(state: number): void {
    if (this.#isFull) return;
    const bucket = Math.max(1, finished(state) & (this.#shape.buckets - 1));
    const slot = this.#slotOf[bucket] ?? 0;
    if (slot > 0) this.#counts[slot - 1] = (this.#counts[slot - 1] ?? 0) + 1;
    else if (this.#used < this.#shape.slots) this.#open(bucket);
    else this.#isFull = true;
  }

  #open(bucket: number): void {
    this.#buckets[this.#used] = bucket;
    this.#counts[this.#used] = 1;
    this.#used += 1;
    this.#slotOf[bucket] = this.#used;
  }

  #reset(): void {
    for (let slot = 0; slot < this.#used; slot++) this.#slotOf[this.#buckets[slot] ?? 0] = 0;
    this.#used = 0;
    this.#isFull = false;
  }
}

/** FNV-1a over UTF-16 code units. */
function wordHash(token: string): number {
  let state: number = seeds.word;
  for (let at = 0; at < token.length; at++) state = Math.imul(state ^ token.charCodeAt(at), prime);
  return state;
}

function framedUnit(token: string, at: number): number {
  if (at === 0) return wordStart;
  return at <= token.length ? token.charCodeAt(at - 1) : wordEnd;
}

const joined = (left: number, right: number, seed: number): number => Math.imul(Math.imul(seed ^ left, prime) ^ right, prime);

/** Spreads a hash over its low bits, as MurmurHash3 ends. */
function finished(hash: number): number {
  let state = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return state ^ (state >>> 16);
}
