import { isUtf8 } from 'node:buffer';
import { rowErrors } from './errors.js';

const mark = [0xef, 0xbb, 0xbf] as const;

/** The bytes after a byte order mark, if there is one. Throws MILLRACE_ROWS_NOT_UTF8 with the offset of the first wrong byte. */
export function utf8Bytes(bytes: Uint8Array): Buffer {
  if (!isUtf8(bytes)) throw notUtf8(firstWrongByte(bytes));
  const start = mark.every((byte, index) => bytes[index] === byte) ? mark.length : 0;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
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

const notUtf8 = (byte: number) =>
  rowErrors.error('MILLRACE_ROWS_NOT_UTF8', `the file is not UTF-8 at byte ${byte}; save it as UTF-8 and send it again`, { detail: { byte } });
