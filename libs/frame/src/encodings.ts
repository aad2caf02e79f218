import { type BytePlace, BytesBefore } from './byte-place.js';
import { rowErrors } from './errors.js';
import type { TextStream } from './text-stream.js';
import { isNul, Utf8Stream } from './utf8.js';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'iso-8859-1';

const labels: Readonly<Record<string, Encoding | 'utf-16'>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  'utf-16': 'utf-16',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'windows-1252': 'windows-1252',
  cp1252: 'windows-1252',
  'iso-8859-1': 'iso-8859-1',
  latin1: 'iso-8859-1',
};

/**
 * A file's encoding: what the content type names, else what a byte order mark says, else UTF-8. `head`: at least two bytes,
 * if the file has them. Throws MILLRACE_ROWS_ENCODING for others, and for UTF-16 of which nothing says in which order.
 */
export function textStream(contentType: string, head: Uint8Array): TextStream {
  const declared = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]?.toLowerCase();
  const marked = markedEncoding(head);
  if (declared === undefined) return streamOf(marked ?? 'utf-8');
  const known = Object.hasOwn(labels, declared) ? labels[declared] : undefined;
  const encoding = known === 'utf-16' ? marked : known;
  if (encoding) return streamOf(encoding);
  const why = known ? 'begins with no byte order mark' : 'is in an encoding that is not read here';
  const message = `the file, declared as ${JSON.stringify(declared.slice(0, 40))}, ${why}; send UTF-8, UTF-16 with a byte order mark, windows-1252 or iso-8859-1`;
  throw rowErrors.error('MILLRACE_ROWS_ENCODING', message, { detail: { charset: declared.slice(0, 40) } });
}

function markedEncoding([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

function streamOf(encoding: Encoding): TextStream {
  if (encoding === 'utf-8') return new Utf8Stream();
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return new Utf16Stream(encoding);
  return new SingleByteStream(encoding);
}

/** Half of a pair without the other half. */
const loneSurrogate = /\p{Surrogate}/u;
const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;

class Utf16Stream implements TextStream {
  readonly #before = new BytesBefore();
  #kept: Buffer = Buffer.alloc(0);

  constructor(private readonly encoding: 'utf-16le' | 'utf-16be') {}

  write(bytes: Uint8Array): Buffer {
    const all = Buffer.concat([this.#kept, bytes]);
    const even = all.length - (all.length % 2);
    const last = even === 0 ? 0 : this.encoding === 'utf-16le' ? all.readUInt16LE(even - 2) : all.readUInt16BE(even - 2);
    const whole = isHighSurrogate(last) ? even - 2 : even;
    this.#kept = all.subarray(whole);
    return this.#decoded(all.subarray(0, whole));
  }

  end(): Buffer {
    if (this.#kept.length % 2 === 1) throw wrongByte(this.encoding, this.#before.place(this.#kept, this.#kept.length - 1));
    return this.#decoded(this.#kept);
  }

  #decoded(bytes: Buffer): Buffer {
    const little = this.encoding === 'utf-16le' ? bytes : Buffer.from(bytes).swap16();
    const text = little.toString('utf16le');
    const lone = text.isWellFormed() ? -1 : text.search(loneSurrogate);
    if (lone >= 0) throw wrongByte(this.encoding, this.#placeOf(text, bytes, lone));
    const nul = text.indexOf('\0');
    if (nul >= 0) throw isNul(this.#placeOf(text, bytes, nul));
    const start = this.#before.isStart && text.startsWith('\uFEFF') ? 1 : 0;
    this.#before.pass(bytes);
    return Buffer.from(start === 0 ? text : text.slice(start));
  }

  #placeOf(text: string, bytes: Uint8Array, unit: number): BytePlace {
    const { byte, line } = this.#before.place(bytes.subarray(0, 0), 0);
    return { line: line + text.slice(0, unit).split('\n').length - 1, byte: byte + 2 * unit };
  }
}

/** Bytes that the encoding leaves undefined, or that no text has. */
const undefinedIn = {
  'windows-1252': (byte: number): boolean => byte === 0x81 || byte === 0x8d || byte === 0x8f || byte === 0x90 || byte === 0x9d,
  'iso-8859-1': (byte: number): boolean => byte >= 0x80 && byte < 0xa0,
} as const;

class SingleByteStream implements TextStream {
  readonly #before = new BytesBefore();
  readonly #decoder = new TextDecoder('windows-1252');

  constructor(private readonly encoding: 'windows-1252' | 'iso-8859-1') {}

  write(bytes: Uint8Array): Buffer {
    const wrong = bytes.findIndex(undefinedIn[this.encoding]);
    if (wrong >= 0) throw wrongByte(this.encoding, this.#before.place(bytes, wrong));
    const nul = bytes.indexOf(0);
    if (nul >= 0) throw isNul(this.#before.place(bytes, nul));
    this.#before.pass(bytes);
    return Buffer.from(this.#decoder.decode(bytes)); // without 0x80 to 0x9f, the two are the same
  }

  end(): Buffer {
    return Buffer.alloc(0);
  }
}

const wrongByte = (charset: string, place: BytePlace) =>
  rowErrors.error('MILLRACE_ROWS_ENCODING', `the file is not ${charset} at byte ${place.byte}, in line ${place.line}; name its real encoding in the content type, or save it as UTF-8`, {
    detail: { charset, ...place },
  });
