import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { problem } from '../problem.js';
import { answerRaw } from './raw-answer.js';

const answers: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'MILLRACE_REQUEST', 'the head of the request is longer than 16 KiB'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'MILLRACE_REQUEST', 'the extensions of a chunk are too long'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'MILLRACE_REQUEST_SLOW', 'the head of the request did not come within 10 s'],
};

/** What the server could not read as HTTP is answered with problem details too. */
export function answerClientError(error: Error & { readonly code?: string; readonly reason?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET') return void socket.destroy();
  const [status, code, detail] = answers[error.code ?? ''] ?? [400, 'MILLRACE_REQUEST', `the request is not well-formed HTTP/1.1: ${error.reason ?? error.code ?? 'it cannot be read'}`];
  answerRaw(socket, status, code, detail);
}

/** Expect: 100-continue is the only expectation there is. */
export function refuseExpectations(server: Server): void {
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.stringify(problem({ status: 417, code: 'MILLRACE_REQUEST', title: 'Expectation failed', detail: 'of expectations only 100-continue is met' }));
    response.writeHead(417, { 'content-type': 'application/problem+json', 'content-length': Buffer.byteLength(body), connection: 'close' }).end(body);
  });
}
