import { type Readable, Transform } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { overLimit, problem, ProblemError } from '../problem.js';

const pointer = '#header/content-encoding';

/** How many times as long as its gzip a body may be, once it is longer than `anyway`. */
const mostRatio = 100;
const anyway = 64 * 1024;

/** A body without its Content-Encoding. Throws a 415 problem for any but gzip; the stream fails for a bomb, or what is no gzip. */
export function withoutEncoding(body: Readable, encoding: string | undefined): Readable {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity' || name === '') return body;
  if (name === 'gzip' || name === 'x-gzip') return inflated(body);
  throw refused(`the content-encoding ${JSON.stringify(name.slice(0, 40))} is not taken; send the body plain or as gzip`, { 'accept-encoding': 'gzip' });
}

function inflated(body: Readable): Readable {
  const gunzip = createGunzip();
  const guard = new RatioGuard(gunzip);
  body.once('error', (err) => guard.destroy(err));
  gunzip.once('error', () => guard.destroy(refused('the body is not whole, valid gzip')));
  guard.once('close', () => body.unpipe(gunzip)); // the request stays open for its answer
  return body.pipe(gunzip).pipe(guard);
}

class RatioGuard extends Transform {
  #bytes = 0;

  constructor(private readonly gunzip: Gunzip) {
    super();
    this.on('error', () => undefined); // whoever reads it is told; but it may fail before anybody does
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: (err: Error | null, chunk?: Uint8Array) => void): void {
    this.#bytes += chunk.byteLength;
    const isBomb = this.#bytes > anyway && this.#bytes > mostRatio * this.gunzip.bytesWritten;
    if (isBomb) done(overLimit({ pointer, detail: `the body is more than ${mostRatio} times as long as its gzip`, code: 'inflation' }));
    else done(null, chunk);
  }
}

const refused = (detail: string, headers = {}): ProblemError =>
  new ProblemError(problem({ status: 415, code: 'MILLRACE_CONTENT_ENCODING', title: 'Unsupported content encoding', detail, errors: [{ pointer, detail }] }), headers);
