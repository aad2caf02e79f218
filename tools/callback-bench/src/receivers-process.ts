import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { ReceiverKind } from './receivers.js';

/** Receivers of one kind each, in a process of their own. Prints their ports; ends with its standard input. */

const healthyMs = 20;
const dripMs = 500;
const largeBytes = 10_000_000;
const chunk = Buffer.alloc(64 * 1024, 'x');
const taken = 'HTTP/1.1 204 No Content\r\n\r\n';

const speak: Readonly<Record<ReceiverKind, (socket: Socket) => void>> = {
  healthy: (socket) => void socket.on('data', () => setTimeout(() => socket.write(taken), healthyMs)),
  hanging: (socket) => void socket.resume(),
  dripping: drip,
  resetting: (socket) => void socket.once('data', () => socket.resetAndDestroy()),
  large: (socket) => void socket.on('data', () => sendLarge(socket)),
};

/** A header that never ends. */
function drip(socket: Socket): void {
  socket.resume();
  socket.write('HTTP/1.1 200 OK\r\nx-drip: ');
  const timer = setInterval(() => socket.write('.'), dripMs);
  socket.once('close', () => clearInterval(timer));
}

function sendLarge(socket: Socket): void {
  let left = largeBytes;
  socket.write(`HTTP/1.1 500 Oops\r\ncontent-length: ${largeBytes}\r\n\r\n`);
  const more = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= chunk.length;
      if (!socket.write(chunk)) return;
    }
  };
  socket.on('drain', more);
  more();
}

async function listen(kind: ReceiverKind): Promise<number> {
  const server = createServer((socket) => speak[kind](socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const kinds = JSON.parse(process.argv[2] ?? '[]') as ReceiverKind[];
process.stdout.write(`${JSON.stringify(await Promise.all(kinds.map(listen)))}\n`);
process.stdin.resume().once('end', () => process.exit(0));
