import type { IncomingMessage } from 'node:http';
import type { Clock } from '@millrace/kernel';

const mostBytes = 64 * 1024;
const mostMs = 500;

/** Reads on for a moment, so that a client that is still sending gets to read its answer before the connection ends. */
export function drainSome(request: IncomingMessage, clock: Clock): Promise<void> {
  const { socket } = request;
  const before = socket.bytesRead;
  return new Promise((resolve) => {
    const look = (): void => {
      if (socket.bytesRead - before > mostBytes) stop();
    };
    const stop = (): void => {
      cancel();
      request.off('data', look).off('end', stop).off('close', stop);
      resolve();
    };
    const cancel = clock.after(mostMs, stop);
    request.unpipe();
    request.on('data', look).once('end', stop).once('close', stop).resume();
  });
}
