import { isUtf8 } from 'node:buffer';
import { type BytePlace, BytesBefore } from './byte-place.js';
import { rowErrors } from './errors.js';
import type { TextStream } from './text-stream.js';

const mark = [0xef, 0xbb, 0xbf] as const;
const nothing = Buffer.alloc(0);

/** UTF-8, checked; a byte order mark at the beginning is left out. Throws MILLRACE_ROWS_NOT_UTF8 and _NUL. */
export class Utf8Stream implements TextStream {
  readonly #before = new BytesBefore();
  #kept: Uint8Array = nothing;

  write(bytes: Uint8Array): Buffer {
    const all = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes]);
    const whole = wholeSequences(all);
    this.#kept = all.subarray(whole.length);
    return this.#checked(whole);
  }

  end(): Buffer {
    return this.#checked(this.#kept);
  }

  #checked(bytes: Uint8Array): Buffer {
    if (!isUtf8(bytes)) throw notUtf8(this.#before.place(bytes, firstWrongByte(bytes)));
    const nul = bytes.indexOf(0);
    if (nul >= 0) throw isNul(this.#before.place(bytes, nul));
    const start = this.#before.isStart && mark.every((byte, index) => bytes[index] === byte) ? mark.length : 0;
    this.#before.pass(bytes);
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  }
}

/** The whole of a UTF-8 text, checked, without a byte order mark. Throws MILLRACE_ROWS_NOT_UTF8 and _NUL. */
export function utf8Bytes(bytes: Uint8Array): Buffer {
  const stream = new Utf8Stream();
  const [text, end] = [stream.write(bytes), stream.end()];
  return end.length === 0 ? text : Buffer.concat([text, end]);
}

/** Where the first sequence begins that is not UTF-8, by bisection over prefixes. */
function firstWrongByte(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2);
    if (isUtf8(wholeSequences(bytes.subarray(0, middle)))) valid = middle;
    else invalid = middle;
  }
  return wholeSequences(bytes.subarray(0, valid)).length;
}

/** Without a sequence at the end that the cut may have left incomplete. */
function wholeSequences(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

const sequenceLength = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);

const notUtf8 = (place: BytePlace) =>
  rowErrors.error('MILLRACE_ROWS_NOT_UTF8', `the file is not UTF-8 at byte ${place.byte}, in line ${place.line}; save it as UTF-8 or name its encoding in the content type`, {
    detail: { ...place },
  });

/** For every encoding. */
export const isNul = (place: BytePlace) =>
  rowErrors.error('MILLRACE_ROWS_NUL', `byte ${place.byte}, in line ${place.line}, is NUL; send text, UTF-16 with a byte order mark`, { detail: { ...place } });
