import { MessageChannel } from 'node:worker_threads';
import { systemClock } from '@millrace/kernel';
import { runCli } from './run-cli.js';

const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

// the clock's timers do not keep a process alive, and they may be all that a command waits for
const { port1: alive } = new MessageChannel();
alive.on('message', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), { streams: process, interrupted: interruption.signal });
alive.close();
// a client that still tries to connect must not keep the process
systemClock.after(200, () => process.exit());
