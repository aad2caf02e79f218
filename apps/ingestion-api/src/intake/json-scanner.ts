import { JsonPath } from './json-path.js';

export interface JsonLimits {
  /** Arrays and objects within each other. */
  readonly depth: number;
  /** Values and keys in all. */
  readonly tokens: number;
}

export type JsonFaultCode = 'syntax' | 'encoding' | 'depth' | 'tokens' | 'duplicate-key' | 'forbidden-key' | 'number';

/** What is wrong with a JSON text. `pointer` leads to the value that was being read, RFC 6901. */
export class JsonFault extends Error {
  constructor(
    readonly code: JsonFaultCode,
    message: string,
    readonly pointer: string,
  ) {
    super(message);
  }
}

const at = { value: 0, firstValue: 1, firstKey: 2, key: 3, colon: 4, next: 5, end: 6, string: 7, escape: 8, hex: 9, word: 10 } as const;
type Place = (typeof at)[keyof typeof at];

const [quote, backslash, openArray, closeArray, openObject, closeObject, comma, colon] = [...Buffer.from('"\\[]{},:')] as [number, number, number, number, number, number, number, number];
const byteOrderMark = [0xef, 0xbb, 0xbf];
const escapes = new Set(Buffer.from('"\\/bfnrt'));
const wordBytes = tableOf('truefalsnull+-.0123456789eE');
const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const mostWordBytes = 100;
const mostKeyBytes = 1_024;

/**
 * Checks a JSON text (RFC 8259) as it comes, in chunks cut anywhere, before anything parses it; keeps none of it. Refuses
 * also what JSON.parse lets pass to somebody's harm: deep nesting, keys given twice, keys that lead to prototypes, numbers
 * without a finite value, halves of surrogate pairs, bytes that are not UTF-8.
 */
export class JsonScanner {
  readonly #limits: JsonLimits;
  readonly #path = new JsonPath();
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true });
  #place: Place = at.value;
  /** Bytes in chunks before this one, and before the place in it. */
  #before = 0;
  #at = 0;
  #tokens = 0;
  #word = '';
  #isKey = false;
  #key: Uint8Array[] = [];
  #keyBytes = 0;
  #hasEscape = false;
  #hex = '';
  #highSurrogate = false;

  constructor(limits: JsonLimits) {
    this.#limits = limits;
  }

  /** Throws JsonFault. */
  write(chunk: Uint8Array): void {
    this.#checkUtf8(chunk, true);
    const begin = this.#before === 0 && byteOrderMark.every((byte, i) => chunk[i] === byte) ? byteOrderMark.length : 0;
    for (let i = begin; i < chunk.length; i++) {
      if (this.#place === at.string) i = this.#passPlain(chunk, i);
      this.#at = i;
      if (i < chunk.length) this.#step(chunk[i] ?? 0);
    }
    this.#before += chunk.length;
    this.#at = 0;
  }

  /** Throws JsonFault when the text is not whole. */
  end(): void {
    this.#checkUtf8(new Uint8Array(), false);
    if (this.#place === at.word) this.#endWord();
    if (this.#place !== at.end) throw this.#fault('syntax', 'the JSON text ends before its value does');
  }

  /** The end of what is plain text in a string. */
  #passPlain(chunk: Uint8Array, from: number): number {
    let end = from;
    if (!this.#highSurrogate) while (end < chunk.length && isPlain(chunk[end] ?? 0)) end++;
    if (this.#isKey && end > from) this.#hold(chunk.subarray(from, end));
    return end;
  }

  #step(byte: number): void {
    if (this.#place === at.string) this.#inString(byte);
    else if (this.#place >= at.escape) this.#inToken(byte);
    else this.#between(byte);
  }

  #between(byte: number): void {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return;
    switch (this.#place) {
      case at.value:
      case at.firstValue:
        return this.#beginValue(byte);
      case at.key:
      case at.firstKey:
        return this.#beginKey(byte);
      case at.colon:
        if (byte !== colon) throw this.#unexpected(byte, 'a colon');
        this.#place = at.value;
        return;
      case at.next:
        return this.#afterValue(byte);
      default:
        throw this.#unexpected(byte, 'nothing more');
    }
  }

  #beginValue(byte: number): void {
    if (byte === closeArray && this.#place === at.firstValue) return this.#leave();
    this.#count();
    if (byte === openArray || byte === openObject) return this.#enter(byte === openArray);
    if (byte === quote) return this.#beginString(false);
    if (wordBytes[byte] !== 1) throw this.#unexpected(byte, 'a value');
    this.#place = at.word;
    this.#word = String.fromCharCode(byte);
  }

  #beginKey(byte: number): void {
    if (byte === closeObject && this.#place === at.firstKey) return this.#leave();
    if (byte !== quote) throw this.#unexpected(byte, 'a key in quotation marks');
    this.#count();
    this.#beginString(true);
  }

  #afterValue(byte: number): void {
    const { inArray } = this.#path;
    if (byte === (inArray ? closeArray : closeObject)) return this.#leave();
    if (byte !== comma) throw this.#unexpected(byte, inArray ? 'a comma or ]' : 'a comma or }');
    this.#path.nextIndex();
    this.#place = inArray ? at.value : at.key;
  }

  #enter(isArray: boolean): void {
    const { depth } = this.#limits;
    if (this.#path.depth === depth) throw this.#fault('depth', `arrays and objects may stand ${depth} deep in each other at most`);
    this.#path.enter(isArray);
    this.#place = isArray ? at.firstValue : at.firstKey;
  }

  #leave(): void {
    this.#path.leave();
    this.#endValue();
  }

  #endValue(): void {
    this.#place = this.#path.depth === 0 ? at.end : at.next;
  }

  #beginString(isKey: boolean): void {
    this.#place = at.string;
    this.#isKey = isKey;
    this.#key = [];
    this.#keyBytes = 0;
    this.#hasEscape = false;
  }

  #inString(byte: number): void {
    if (this.#highSurrogate && byte !== backslash) throw this.#halfSurrogate();
    if (byte === quote) return this.#endString();
    if (byte !== backslash) throw this.#unexpected(byte, 'an escape: control characters may not stand in strings');
    this.#place = at.escape;
    this.#hasEscape = true;
    if (this.#isKey) this.#hold(Uint8Array.of(byte));
  }

  #inToken(byte: number): void {
    if (this.#place === at.word) return this.#inWord(byte);
    if (this.#isKey) this.#hold(Uint8Array.of(byte));
    if (this.#place === at.hex) return this.#inHex(byte);
    const isHex = byte === 0x75;
    if (!isHex && !escapes.has(byte)) throw this.#unexpected(byte, 'an escape that JSON knows');
    if (!isHex && this.#highSurrogate) throw this.#halfSurrogate();
    this.#hex = '';
    this.#place = isHex ? at.hex : at.string;
  }

  #inHex(byte: number): void {
    this.#hex += String.fromCharCode(byte);
    if (!/^[\da-f]+$/i.test(this.#hex)) throw this.#unexpected(byte, 'four hexadecimal digits');
    if (this.#hex.length < 4) return;
    const unit = Number.parseInt(this.#hex, 16);
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (isLow !== this.#highSurrogate) throw this.#halfSurrogate();
    this.#highSurrogate = unit >= 0xd800 && unit <= 0xdbff;
    this.#place = at.string;
  }

  #endString(): void {
    if (!this.#isKey) return this.#endValue();
    const raw = textOf(this.#key);
    const key: string = this.#hasEscape ? JSON.parse(`"${raw}"`) : raw;
    const fault = this.#path.addKey(key);
    if (fault === 'duplicate-key') throw this.#fault(fault, 'the object has this key twice');
    if (fault === 'forbidden-key') throw this.#fault(fault, 'a key of this name is not taken: it would lead to a prototype');
    this.#place = at.colon;
  }

  #inWord(byte: number): void {
    if (wordBytes[byte] !== 1) {
      this.#endWord();
      return this.#between(byte);
    }
    this.#word += String.fromCharCode(byte);
    if (this.#word.length > mostWordBytes) throw this.#fault('number', `a number has at most ${mostWordBytes} characters`);
  }

  #endWord(): void {
    const word = this.#word;
    if (word !== 'true' && word !== 'false' && word !== 'null') {
      if (!number.test(word)) throw this.#fault('syntax', `${JSON.stringify(word)} is not a JSON value`);
      if (!Number.isFinite(Number(word))) throw this.#fault('number', `${word} is too large for a number`);
    }
    this.#endValue();
  }

  #hold(bytes: Uint8Array): void {
    this.#key.push(bytes);
    this.#keyBytes += bytes.length;
    if (this.#keyBytes > mostKeyBytes) throw this.#fault('syntax', `a key has at most ${mostKeyBytes} bytes`);
  }

  #count(): void {
    if (++this.#tokens > this.#limits.tokens) throw this.#fault('tokens', `a JSON text has at most ${this.#limits.tokens} keys and values; send more as NDJSON`);
  }

  #checkUtf8(chunk: Uint8Array, stream: boolean): void {
    try {
      this.#utf8.decode(chunk, { stream });
    } catch {
      throw this.#fault('encoding', 'the text is not UTF-8');
    }
  }

  #halfSurrogate(): JsonFault {
    return this.#fault('encoding', 'one half of a surrogate pair stands alone');
  }

  #unexpected(byte: number, wanted: string): JsonFault {
    const found = byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `byte 0x${byte.toString(16).padStart(2, '0')}`;
    return this.#fault('syntax', `there is ${found} where there should be ${wanted}`);
  }

  #fault(code: JsonFaultCode, message: string): JsonFault {
    return new JsonFault(code, `${message} (at byte ${this.#before + this.#at})`, this.#path.toString());
  }
}

/** By byte: 1 for those in the text. */
function tableOf(bytes: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(bytes)) table[byte] = 1;
  return table;
}

function textOf(pieces: readonly Uint8Array[]): string {
  const [bytes = new Uint8Array()] = pieces.length === 1 ? pieces : [Buffer.concat(pieces)];
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

const isPlain = (byte: number): boolean => byte >= 0x20 && byte !== quote && byte !== backslash;
