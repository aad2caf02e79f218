import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Ctrl-C reaches this process twice, from the terminal and from npm; what follows this soon is the same key press. */
const samePressMs = 300;

/**
 * Runs Node with `args` on this terminal and returns its exit code. The child has a process group of its own, so
 * every signal reaches it exactly once, through here; it holds an IPC channel, whose end tells it that this process is gone.
 */
export function runForeground(node, args, cwd) {
  const child = spawn(node, args, { cwd, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: process.platform !== 'win32' });
  const lastAt = new Map();
  const pass = (signal) => {
    const now = performance.now();
    if (now - (lastAt.get(signal) ?? -Infinity) > samePressMs) child.kill(signal);
    lastAt.set(signal, now);
  };
  for (const signal of forwarded) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of forwarded) process.off(name, pass);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
