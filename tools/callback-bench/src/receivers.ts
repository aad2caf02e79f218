import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** How a receiver behaves: answers after 20 ms; not at all; with a header without end; by hanging up; with 500 and 10 MB. */
export type ReceiverKind = 'healthy' | 'hanging' | 'dripping' | 'resetting' | 'large';

export interface Receivers {
  /** Where each listens, in the order of the kinds. */
  readonly urls: readonly string[];
  stop(): void;
}

/** Receivers in a process of their own, so that what they need is not counted as ours. */
export async function startReceivers(kinds: readonly ReceiverKind[]): Promise<Receivers> {
  const script = fileURLToPath(new URL('./receivers-process.js', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(kinds)], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    const ports = JSON.parse(line) as number[];
    return { urls: ports.map((port) => `http://127.0.0.1:${port}/hook`), stop: () => void child.stdin.end() };
  }
  throw new Error('the process of the receivers ended before it listened');
}
