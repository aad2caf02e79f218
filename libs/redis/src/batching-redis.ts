import type { Socket } from 'node:net';
import { type Command, Redis } from 'ioredis';

/**
 * A connection whose commands wait for each other as in Nagle's algorithm (RFC 896): while an answer is due, what comes
 * next is gathered and goes out in one write when the answer is here. A command that comes alone is not held up; of
 * many at once each costs a fraction of the system calls and wake-ups, which are what a round trip costs most.
 *
 * Not for connections that block (BLPOP and the like) or subscribe.
 */
export class BatchingRedis extends Redis {
  readonly #watched = new WeakSet<Socket>();

  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    const sent = super.sendCommand(command, stream);
    const socket = this.stream as Socket | undefined;
    if (socket && !stream && this.status === 'ready') this.#gatherUntilAnswered(socket);
    return sent;
  }

  /** The first command after a silence has just been written; what follows is held back until data comes in. */
  #gatherUntilAnswered(socket: Socket): void {
    if (!this.#watched.has(socket)) {
      this.#watched.add(socket);
      socket.on('data', () => setImmediate(flush, socket));
    }
    if (socket.writableCorked === 0) socket.cork();
  }
}

/** What was gathered goes out; the answers to it are due now, so gathering begins anew. */
function flush(socket: Socket): void {
  if (socket.writableCorked === 0) return;
  const gathered = socket.writableLength > 0;
  socket.uncork();
  if (gathered) socket.cork();
}
