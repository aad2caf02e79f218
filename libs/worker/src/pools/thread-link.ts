import { Worker } from 'node:worker_threads';
import type { ChildLink, Launch } from './child-link.js';
import type { FromChild, ToChild } from './child-messages.js';

/** A thread of this process that runs the program `entry`, with these options for Node or those of this process. It does not keep the process alive. */
export const threaded =
  (entry: URL, execArgv?: readonly string[]): Launch =>
  () =>
    new ThreadLink(new Worker(entry, execArgv && { execArgv: [...execArgv] }));

class ThreadLink implements ChildLink {
  readonly canKill = false;
  readonly gone: Promise<string>;

  constructor(private readonly thread: Worker) {
    thread.unref();
    this.gone = new Promise((resolve) => {
      thread.once('error', (err) => resolve(err instanceof Error ? err.message : String(err)));
      thread.once('exit', (code) => resolve(`exit code ${code}`));
    });
  }

  send(message: ToChild): void {
    this.thread.postMessage(message, []);
  }

  onMessage(listen: (message: FromChild) => void): void {
    this.thread.on('message', listen);
  }

  end(): void {
    void this.thread.terminate();
  }

  kill(): void {
    void this.thread.terminate();
  }
}
