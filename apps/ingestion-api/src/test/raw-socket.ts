import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** Undefined when the connection ended without an answer. */
  readonly status: number | undefined;
  readonly head: string;
  readonly body: string;
}

/** Sends bytes as they are and reads until the server closes, or until an answer is whole. */
export async function sendRaw(port: number, ...chunks: ReadonlyArray<string | Uint8Array>): Promise<RawAnswer> {
  const socket = await opened(port);
  for (const chunk of chunks) socket.write(chunk);
  return answerOn(socket);
}

/** The same for bytes that may be the beginning of something: nothing comes after them. */
export async function sendAll(port: number, bytes: string): Promise<RawAnswer> {
  const socket = await opened(port);
  socket.end(bytes);
  return answerOn(socket);
}

async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined); // an end without an answer shows in the answer
  await once(socket, 'connect');
  return socket;
}

async function answerOn(socket: Socket): Promise<RawAnswer> {
  let text = '';
  for await (const chunk of socket) {
    text += (chunk as Buffer).toString('latin1');
    if (isWhole(text)) break;
  }
  socket.destroy();
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: text === '' ? undefined : Number(head.split(' ')[1]), head, body: rest.join('\r\n\r\n') };
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(text.slice(0, Math.max(end, 0)))?.[1];
  return end >= 0 && length !== undefined && text.length - end - 4 >= Number(length);
}
