import type { Readable } from 'node:stream';
import type { Clock } from '@millrace/kernel';

const mostBytes = 2 * 1024;
const mostCharacters = 256;
const patienceMs = 1_000;

/**
 * The beginning of an answer's body as one line of printable text, at most 256 characters of its first 2 KiB; shorter when
 * it comes slowly. What follows is not read.
 */
export async function answerText(body: Readable, clock: Clock): Promise<string> {
  const cancel = clock.after(patienceMs, () => body.destroy());
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= mostBytes) break;
    }
  } catch {
    // an answer that breaks off is told as far as it came
  } finally {
    cancel();
  }
  return printable(Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8'));
}

/** Without what a terminal, a log or a page might take for more than text. */
const printable = (text: string): string =>
  text
    .replace(/[\p{C}\p{Z}\uFFFD]+/gu, ' ')
    .trim()
    .slice(0, mostCharacters);
