import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChildLink, Launch } from './child-link.js';
import type { FromChild, ToChild } from './child-messages.js';

/**
 * A child process that runs the program `entry`, with these options for Node or those of this process. Its fifth
 * descriptor is a pipe that closes when this process ends.
 */
export const forked =
  (entry: URL, execArgv: readonly string[] = process.execArgv): Launch =>
  () =>
    new ProcessLink(fork(fileURLToPath(entry), { execArgv: [...execArgv], serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'] }));

class ProcessLink implements ChildLink {
  readonly canKill = true;
  readonly gone: Promise<string>;

  constructor(private readonly child: ChildProcess) {
    this.gone = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
      child.once('error', (err) => resolve(err.message));
    });
  }

  send(message: ToChild): void {
    this.child.send(message, () => undefined); // a child that cannot be reached is gone, and `gone` tells of it
  }

  onMessage(listen: (message: FromChild) => void): void {
    this.child.on('message', (message) => listen(message as FromChild));
  }

  end(): void {
    if (this.child.connected) this.child.disconnect();
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
