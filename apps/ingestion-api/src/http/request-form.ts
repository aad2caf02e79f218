import type { IncomingMessage } from 'node:http';
import { problem, ProblemError } from '../problem.js';
import { mostHeaders } from './server-options.js';

const mostUrlCharacters = 8 * 1024;

/**
 * Throws a problem for what Node's parser lets pass although two servers might read it in two ways: any number of Host
 * lines but one, a target that is not a path, a transfer coding with HTTP/1.0 or any but chunked.
 */
export function checkRequestForm({ rawHeaders, url = '', httpVersion, headers }: IncomingMessage): void {
  if (rawHeaders.length > 2 * mostHeaders) throw refused(431, `a request has at most ${mostHeaders} header lines`);
  if (url.length > mostUrlCharacters) throw refused(414, `a URL has at most ${mostUrlCharacters} characters`);
  if (!url.startsWith('/')) throw refused(400, 'the target of a request is a path, as in GET /v1/ingestions');
  const hosts = countOf('host', rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) throw refused(400, `a request has exactly one Host line, not ${hosts}`);
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return;
  if (httpVersion === '1.0') throw refused(400, 'HTTP/1.0 has no Transfer-Encoding');
  if (coding.trim().toLowerCase() !== 'chunked') throw refused(400, 'the only Transfer-Encoding is chunked');
}

function countOf(name: string, rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const found = rawHeaders[i] ?? '';
    if (found.length === name.length && found.toLowerCase() === name) count++;
  }
  return count;
}

const refused = (status: number, detail: string): ProblemError =>
  new ProblemError(problem({ status, code: 'MILLRACE_REQUEST', title: titleOf[status] ?? 'Bad request', detail }), { connection: 'close' });

const titleOf: Readonly<Record<number, string>> = { 414: 'URI too long', 431: 'Request header fields too large' };
