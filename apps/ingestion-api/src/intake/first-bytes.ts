import { once } from 'node:events';
import { Readable } from 'node:stream';
import { malformed, overLimit } from '../problem.js';

/** How files begin that are neither text nor gzip, whatever their sender calls them. */
const beginnings: ReadonlyArray<readonly [name: string, ...bytes: number[]]> = [
  ['a ZIP archive', 0x50, 0x4b, 0x03, 0x04],
  ['a PDF', 0x25, 0x50, 0x44, 0x46],
  ['an Excel file of the old kind', 0xd0, 0xcf, 0x11, 0xe0],
  ['Parquet', 0x50, 0x41, 0x52, 0x31],
  ['an image', 0x89, 0x50, 0x4e, 0x47],
];
const mostColumns = 1_000;

/**
 * The same data, of which the first bytes have been looked at. Throws a problem when they show that it is not text, or has
 * too many columns. Readers of the data look at all of it, and closer; this spares them what is plainly wrong.
 */
export async function withFirstBytes(source: Readable, contentType: string, pointer = ''): Promise<Readable> {
  const first = await firstChunk(source);
  if (!first) return Readable.from([]);
  checkFirstBytes(first, contentType, pointer);
  source.unshift(first);
  return source;
}

export function checkFirstBytes(first: Uint8Array, contentType: string, pointer: string): void {
  const found = beginnings.find(([, ...bytes]) => bytes.every((byte, i) => first[i] === byte));
  if (found) throw malformed({ pointer, detail: `the data is ${found[0]}, but its content type says ${contentType}`, code: 'content-type' });
  if (contentType.endsWith('/csv') && columnsIn(first) > mostColumns) throw overLimit({ pointer, detail: `the first line has more than ${mostColumns} columns`, code: 'columns' });
}

/** Of the first line, as far as it is here; separators in quoted names count too. */
function columnsIn(first: Uint8Array): number {
  const newline = first.indexOf(0x0a);
  let separators = 0;
  for (const byte of first.subarray(0, newline < 0 ? first.length : newline)) if (byte === 0x2c || byte === 0x3b || byte === 0x09) separators++;
  return separators + 1;
}

/** Null for a stream that ends without any. */
async function firstChunk(source: Readable): Promise<Uint8Array | null> {
  for (;;) {
    const chunk = source.read() as Uint8Array | null;
    if (chunk || source.readableEnded) return chunk;
    await Promise.race([once(source, 'readable'), once(source, 'end')]);
  }
}
