import { spawn } from 'node:child_process';
import process from 'node:process';
import { startProgress } from './progress.mjs';

/** Something the reader can put right: told in one line, without a stack. */
export class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a command, showing only that it runs and for how long; its output is shown when it fails.
 * `quietMs`: say nothing at all when it ends within that time. `shownLines`: how much of its output a failure shows.
 */
export async function runCaptured(title, command, args, { cwd, env, quietMs = 0, shownLines = 30 }) {
  const progress = startProgress(title, quietMs);
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stop);
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const ended = await new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  for (const signal of signals) process.off(signal, stop);
  progress.end(ended.code === 0);
  if (ended.code !== 0) throw failureOf(title, command, ended, excerpt(output, shownLines));
}

function failureOf(title, command, { error, code, signal }, lines) {
  if (error) return new Failure(`${title}: cannot run ${command}: ${error.message}`);
  if (signal === 'SIGINT' || code === 130) return new Failure(`${title}: interrupted`, 130);
  return new Failure(`${lines}\n${title} failed (${signal ?? `exit code ${code}`})`);
}

/** The beginning and the end of what a command wrote. */
function excerpt(chunks, most) {
  const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n');
  const half = Math.floor(most / 2);
  return (lines.length <= most ? lines : [...lines.slice(0, half), '…', ...lines.slice(-half)]).join('\n');
}
