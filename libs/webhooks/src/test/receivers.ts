import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** Receivers below HTTP, all ended together. */
export class Receivers {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** A receiver on the loopback; `speak` gets each connection after its first bytes. Resolves with its port. */
  async listen(speak: (socket: Socket) => void, tls?: TlsOptions): Promise<number> {
    const accept = (socket: Socket): void => {
      this.#sockets.add(socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket)));
      socket.once('data', () => speak(socket));
    };
    const server = tls ? createTlsServer(tls, accept).on('tlsClientError', () => undefined) : createServer(accept);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Writes the head, then `chunk` as long as it is taken, up to `most` bytes. Resolves with the bytes written when the connection closes. */
export function pour(socket: Socket, head: string, { chunk, most }: { readonly chunk: Buffer; readonly most: number }): Promise<number> {
  let written = 0;
  socket.write(head);
  const more = (): void => {
    while (!socket.destroyed && written < most && socket.write(chunk)) written += chunk.length;
  };
  socket.on('drain', more);
  more();
  return new Promise((resolve) => socket.once('close', () => resolve(written)));
}
