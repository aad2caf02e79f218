import type { Readable } from 'node:stream';
import { tooLarge } from './too-large.js';

/**
 * Cuts a stream into parts: yields those of just `size` bytes that have others after them, and returns the last, of 0 to
 * `size` bytes. Errors of the stream come through; leaving early destroys it.
 */
export async function* partsOf(source: Readable, size: number, maxBytes: number): AsyncGenerator<Uint8Array, Uint8Array> {
  let chunks: Uint8Array[] = [];
  let held = 0;
  let total = 0;
  for await (const chunk of source) {
    total += chunk.length;
    if (total > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
    held += chunk.length;
    for (; held > size; held -= size) {
      const joined = Buffer.concat(chunks, held);
      yield joined.subarray(0, size);
      chunks = [joined.subarray(size)];
    }
  }
  return Buffer.concat(chunks, held);
}
