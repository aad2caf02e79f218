import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { WorkerInit } from './worker-process.js';

/** As the services are run with. */
const nodeFlags = ['--max-semi-space-size=5', '--heap-growing-percent=30'];

const program = fileURLToPath(new URL('../dist/worker-process.js', import.meta.url));

/** A line of a worker or of one of its children. */
export interface Said {
  readonly word: string;
  readonly step: string;
  readonly attempt: number;
  readonly pid: number;
  /** Milliseconds since the epoch, when it was read. */
  readonly at: number;
}

/** A worker as a process of its own. */
export class PoolWorker {
  readonly said: Said[] = [];
  readonly #listeners = new Set<() => void>();

  private constructor(private readonly process: ChildProcess) {}

  /** Resolves when it takes messages. */
  static async start(init: WorkerInit): Promise<PoolWorker> {
    const child = spawn(globalThis.process.execPath, [...nodeFlags, program, JSON.stringify(init)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const worker = new PoolWorker(child);
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => worker.#hear(line));
    await worker.hears((said) => said.word === 'ready');
    return worker;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** How long it took until the worker took messages, its children's start included. */
  get startMs(): number {
    return Number(this.said[0]?.step);
  }

  /** The processes it has started, as Linux knows them. */
  get children(): readonly number[] {
    return readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  }

  /** Resolves with the first line that fits, past or future; `after`: the first lines that are not looked at. */
  hears(fits: (said: Said) => boolean, after = 0): Promise<Said> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.said.slice(after).find(fits);
        if (!found) return;
        this.#listeners.delete(look);
        resolve(found);
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** Resolves when the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill(signal);
    await once(this.process, 'exit');
  }

  #hear(line: string): void {
    const [word = '', step = '', attempt = '', pid = ''] = line.split(' ');
    this.said.push({ word, step, attempt: Number(attempt), pid: Number(pid), at: Date.now() });
    for (const look of this.#listeners) look();
  }
}

/** Whether there is such a process; one that is dead but not yet reaped is none. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // it is gone
  }
}
