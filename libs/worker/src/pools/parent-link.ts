import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { FromChild, ToChild } from './child-messages.js';

/** The pool as its child sees it. */
export interface ParentLink {
  send(message: FromChild): void;
  onMessage(listen: (message: ToChild) => void): void;
  /** What this child holds: resident memory of a process, the heap of a thread. */
  memoryMb(): number;
}

/** The pool that started this process or thread. */
export const parentLink = (): ParentLink => (isMainThread ? processParent() : threadParent());

const megabyte = 1024 * 1024;

function processParent(): ParentLink {
  endWithParent();
  return {
    // a parent that cannot be reached is gone, and this process with it
    send: (message) => void process.send?.(message, undefined, undefined, () => undefined),
    onMessage: (listen) => process.on('message', (message) => listen(message as ToChild)),
    memoryMb: () => process.memoryUsage.rss() / megabyte,
  };
}

function threadParent(): ParentLink {
  return {
    send: (message) => parentPort?.postMessage(message, []),
    onMessage: (listen) => parentPort?.on('message', listen),
    memoryMb: () => {
      const { heapUsed, external } = process.memoryUsage();
      return (heapUsed + external) / megabyte;
    },
  };
}

/**
 * A child ends when the pool lets go of it. Should its parent die while a handler blocks this thread, another one sees the
 * pipe from the parent close and ends the process. Signals to the whole group are the parent's affair: it drains.
 */
function endWithParent(): void {
  process.on('disconnect', () => process.exit());
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  new Worker(lifeline, { eval: true, stdin: false, resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 } }).unref();
}

const lifeline = `
  const pipe = new (require('node:net').Socket)({ fd: 4 });
  const end = () => process.kill(process.pid, 'SIGKILL');
  pipe.on('error', end).on('close', end).resume();
`;
