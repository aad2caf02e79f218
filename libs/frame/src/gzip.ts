import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { rowErrors } from './errors.js';
import { rowLimits } from './rows.js';

export type ByteChunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** How much a file may expand to before its ratio counts. */
const smallBytes = 1024 * 1024;

export const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b;

const isZip = ([a, b, c, d]: Uint8Array): boolean => a === 0x50 && b === 0x4b && c === 0x03 && d === 0x04;

/** Throws MILLRACE_ROWS_GZIP for a zip archive. */
export function refuseArchive(head: Uint8Array): void {
  if (isZip(head)) throw rowErrors.error('MILLRACE_ROWS_GZIP', 'the file is a zip archive; send the row file itself, or that compressed by gzip');
}

/** Expands gzip piece by piece. Throws MILLRACE_ROWS_GZIP for what is cut short or damaged, and MILLRACE_ROWS_EXPANDED. */
export async function* expanded(chunks: ByteChunks): AsyncGenerator<Uint8Array> {
  let [sent, got] = [0, 0];
  const gunzip = createGunzip({ chunkSize: 65_536 });
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      sent += chunk.length;
      yield chunk;
    }
  };
  pipeline(Readable.from(counted(), { objectMode: true, highWaterMark: 1 }), gunzip, () => undefined);
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      got += chunk.length;
      checkExpansion(sent, got);
      yield chunk;
    }
  } catch (thrown) {
    throw isZlibError(thrown) ? damaged(thrown.code, got) : thrown;
  }
}

/** The beginning of what a file expands to, from the beginning of the file. Throws MILLRACE_ROWS_GZIP for one that is damaged there. */
export function expandedHead(head: Uint8Array): Uint8Array {
  try {
    return gunzipSync(head.subarray(0, 8_192), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (thrown) {
    throw isZlibError(thrown) ? damaged(thrown.code, 0) : thrown;
  }
}

function checkExpansion(sent: number, got: number): void {
  if (got > rowLimits.expandedBytes) throw tooLarge(`more than ${rowLimits.expandedBytes} bytes`, { sent, got });
  if (got > smallBytes && got > sent * rowLimits.expansion) throw tooLarge(`more than ${rowLimits.expansion} times its size`, { sent, got });
}

const tooLarge = (what: string, detail: { readonly sent: number; readonly got: number }): Error =>
  rowErrors.error('MILLRACE_ROWS_EXPANDED', `the compressed file expands to ${what}; split it or send it as it is`, { detail });

const isZlibError = (thrown: unknown): thrown is Error & { readonly code: string } =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && thrown.code.startsWith('Z_');

function damaged(code: string, got: number): Error {
  const what = code === 'Z_BUF_ERROR' ? 'ends too early' : 'is damaged';
  return rowErrors.error('MILLRACE_ROWS_GZIP', `the compressed file ${what}, after ${got} expanded bytes; compress it again and send the whole of it`, { detail: { got, zlib: code } });
}
