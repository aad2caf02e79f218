import { type Readable, Transform } from 'node:stream';
import { malformed, overLimit, type ProblemError } from '../problem.js';
import { JsonFault, type JsonFaultCode, JsonScanner } from './json-scanner.js';

const mostBytes = 1024 * 1024;
const mostDepth = 32;
const mostTokens = 250_000;
const limits: ReadonlySet<JsonFaultCode> = new Set(['depth', 'tokens']);

/** A JSON body of at most 1 MiB, checked as it comes. Throws a problem that points to what is wrong; the source stays open. */
export async function readJson(source: Readable): Promise<Buffer> {
  const scanner = new JsonScanner({ depth: mostDepth, tokens: mostTokens });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw overLimit({ pointer: '', detail: `a JSON body has at most ${mostBytes} bytes; send more as NDJSON, or as a file in a form`, code: 'bytes' });
    scan(() => scanner.write(chunk), '');
    chunks.push(chunk);
  }
  if (bytes > 0) scan(() => scanner.end(), '');
  return Buffer.concat(chunks);
}

/** Lets a JSON file of any length pass, checked the same way; `base` points to it in the request. */
export function scannedJson(base: string): Transform {
  const scanner = new JsonScanner({ depth: mostDepth, tokens: Infinity });
  return new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => attempt(() => scanner.write(chunk), base, (err) => (err ? done(err) : done(null, chunk))),
    flush: (done) => attempt(() => scanner.end(), base, done),
  });
}

function attempt(step: () => void, base: string, done: (err: Error | null) => void): void {
  try {
    scan(step, base);
  } catch (err) {
    return done(err instanceof Error ? err : new Error(String(err)));
  }
  done(null);
}

function scan(step: () => void, base: string): void {
  try {
    step();
  } catch (err) {
    throw err instanceof JsonFault ? problemOf(err, base) : err;
  }
}

function problemOf({ code, message, pointer }: JsonFault, base: string): ProblemError {
  const place = { pointer: `${base}${pointer}`, detail: message, code };
  return limits.has(code) ? overLimit(place) : malformed(place);
}
