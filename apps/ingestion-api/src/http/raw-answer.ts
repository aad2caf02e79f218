import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { problem } from '../problem.js';

/** Answers where there is no request to reply to, and closes the connection. */
export function answerRaw(socket: Duplex, status: number, code: string, detail: string): void {
  if (!socket.writable) return void socket.destroy();
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify(problem({ status, code, title, detail }));
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    'x-content-type-options: nosniff',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
