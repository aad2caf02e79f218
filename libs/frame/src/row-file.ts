import { messageOf } from '@millrace/kernel';
import { textStream } from './encodings.js';
import { expanded, expandedHead, isGzip, refuseArchive } from './gzip.js';
import { rowParser, type RowReading } from './row-parsers.js';
import type { RowFormat, RowReport, TakeRow } from './rows.js';
import { formatOf } from './sniff.js';
import type { TextStream } from './text-stream.js';

/** How much of a file's text tells what it is. */
const headBytes = 65_536;
/** How much is read before other work gets a turn. */
const turnBytes = 1024 * 1024;

/** A file of rows, plain or compressed by gzip, in any encoding that can be read. */
export interface RowFile {
  /** The file, or its pieces. */
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
  /** As it was declared; a `charset` in it is the encoding. */
  readonly contentType: string;
  readonly format: RowFormat;
}

/** The text that a file begins with, read leniently, to see what it is. */
export interface TextHead {
  readonly text: string;
  /** Why there is none. */
  readonly fault?: string;
}

/** `bytes`: the beginning of a file, or the whole. */
export function textHead(bytes: Uint8Array, contentType: string): TextHead {
  try {
    refuseArchive(bytes);
    const plain = isGzip(bytes) ? expandedHead(bytes) : bytes;
    const stream = textStream(contentType, plain);
    const head = plain.subarray(0, headBytes);
    return { text: lenient(stream, head) };
  } catch (thrown) {
    return { text: '', fault: messageOf(thrown) };
  }
}

/** With a wrong byte in it, as if it were UTF-8: the columns may be recognised all the same, and reading on says what is wrong. */
function lenient(stream: TextStream, head: Uint8Array): string {
  try {
    return stream.write(head).toString();
  } catch {
    return new TextDecoder().decode(head);
  }
}

/** What a file in memory is, with the text it begins with; see announcedColumns. */
export function rowFile(bytes: Uint8Array, contentType: string): RowFile & { readonly head: string } {
  const head = textHead(bytes, contentType).text;
  return { bytes, contentType, format: formatOf(contentType, head), head };
}

/**
 * Reads a file piece by piece, calling `take` with one row after another: no more of it than a few hundred kilobytes is in memory
 * besides `bytes`. Rejects with MILLRACE_ROWS_… and with whatever `take` throws; aborts between pieces, with the signal's reason.
 */
export async function readRowFile(file: RowFile, reading: RowReading & { readonly signal?: AbortSignal }, take: TakeRow): Promise<RowReport> {
  const parser = rowParser(file.format, reading, take);
  for await (const text of textOf(file)) {
    reading.signal?.throwIfAborted();
    parser.write(text);
  }
  return parser.end();
}

/** All of a file's text in memory, as UTF-8. Rejects with MILLRACE_ROWS_… for what is damaged or in another encoding. */
export async function readText(file: Pick<RowFile, 'bytes' | 'contentType'>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const text of textOf(file)) chunks.push(text);
  return Buffer.concat(chunks);
}

async function* textOf({ bytes, contentType }: Pick<RowFile, 'bytes' | 'contentType'>): AsyncGenerator<Buffer> {
  const [head, chunks] = await begun(bytes instanceof Uint8Array ? slicesOf(bytes) : bytes);
  refuseArchive(head);
  const [plainHead, plain] = isGzip(head) ? await begun(expanded(chunks)) : [head, chunks];
  const text = textStream(contentType, plainHead);
  for await (const chunk of plain) yield text.write(chunk);
  yield text.end();
}

async function* slicesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += turnBytes) {
    if (start > 0) await new Promise((resolve) => setImmediate(resolve));
    yield bytes.subarray(start, start + turnBytes);
  }
}

/** At least the first four bytes, if there are so many, and all of the chunks. */
async function begun(chunks: AsyncIterable<Uint8Array>): Promise<readonly [Uint8Array, AsyncIterable<Uint8Array>]> {
  const rest = chunks[Symbol.asyncIterator]();
  let head: Uint8Array = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await rest.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return [head, following(head, rest)];
}

async function* following(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
