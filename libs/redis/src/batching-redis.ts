import type { Socket } from 'node:net';
import { type Command, Redis } from 'ioredis';

/**
 * A connection whose commands of one turn of the event loop go out in one write: of many at once each costs a fraction of
 * the system calls and wake-ups, which are what a round trip costs most. Several adapters of a process may each have one.
 *
 * Not for connections that block (BLPOP and the like) or subscribe.
 */
export class BatchingRedis extends Redis {
  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    const socket = this.stream as Socket | undefined;
    if (socket && !stream && this.status === 'ready' && socket.writableCorked === 0) {
      socket.cork();
      setImmediate(() => socket.uncork());
    }
    return super.sendCommand(command, stream);
  }
}
