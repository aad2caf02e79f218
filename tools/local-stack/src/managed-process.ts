import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { launchErrors } from './errors.js';

export interface ProcessSpec {
  readonly name: string;
  /** The script, and its arguments. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Standard output and error go here; emptied before the first start. */
  readonly logFile: string;
  /** Asked again and again until it says yes; must not throw. */
  isReady(): Promise<boolean>;
  /** Called when the process dies without being told to; it is started again after `restartInMs`. */
  onDied(how: string, restartInMs: number): void;
}

/**
 * A small heap that is collected often: with V8's own settings a service takes twice the memory for a few percent less CPU.
 * Young objects are collected by one thread: six processes share the cores, and waking others costs more than they bring.
 */
const nodeFlags = ['--max-semi-space-size=8', '--heap-growing-percent=40', '--no-parallel-scavenge', '--import', join(import.meta.dirname, '../dist/own-source-maps.js')];

/** Has glibc keep fewer pools of freed memory than eight for each core (mallopt(3), M_ARENA_MAX). */
const allocator = { MALLOC_ARENA_MAX: '2' };

const readyWithinMs = 60_000;
const pollMs = 50;
const backoff = { firstMs: 100, longestMs: 5000, forgottenAfterMs: 10_000 };

/**
 * One child process that is started again when it dies. It is in a process group of its own, so Ctrl-C does not reach
 * it, and it has an IPC channel: when this process is gone the channel closes, and the child is to drain and exit.
 */
export class ManagedProcess {
  readonly spec: ProcessSpec;
  readonly #stopping = new AbortController();
  #child: ChildProcess | undefined;
  #supervised = false;
  #deathsInARow = 0;

  constructor(spec: ProcessSpec) {
    this.spec = spec;
    writeFileSync(spec.logFile, '');
  }

  /** Undefined while the process is down. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the process is ready; throws MILLRACE_LAUNCH_PROCESS when it ends before that. */
  async start(): Promise<void> {
    const child = this.#spawn();
    const ended = new AbortController();
    child.once('exit', () => ended.abort());
    const isUp = await this.#poll(ended.signal);
    if (this.#stopping.signal.aborted) throw this.#failure('was stopped before it was ready');
    if (!isUp) throw this.#failure(ended.signal.aborted ? await this.#lastWords() : `was not ready after ${readyWithinMs / 1000} s`);
    this.#supervised = true;
  }

  /** Resolves when the process, started again or not, is ready. */
  async untilReady(): Promise<void> {
    if (!(await this.#poll())) throw this.#failure(`was not ready after ${readyWithinMs / 1000} s`);
  }

  /** Sends a signal; with SIGKILL, resolves when the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    if (signal === 'SIGKILL') await gone;
  }

  /** SIGTERM, `graceMs` to drain, then SIGKILL. Resolves when the process is gone, with whether it went by itself. */
  async stop(graceMs: number): Promise<boolean> {
    this.#stopping.abort();
    const child = this.#child;
    if (!child) return true;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await gone;
    clearTimeout(timer);
    return child.signalCode !== 'SIGKILL';
  }

  /** What the process has written so far, line by line. */
  async logLines(): Promise<string[]> {
    return (await readFile(this.spec.logFile, 'utf8')).split('\n').filter(Boolean);
  }

  #spawn(): ChildProcess {
    const log = openSync(this.spec.logFile, 'a');
    const child = spawn(process.execPath, [...nodeFlags, ...this.spec.command], {
      env: { ...allocator, ...this.spec.env },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    const startedAt = performance.now();
    child.once('exit', (code, signal) => {
      this.#child = undefined;
      if (this.#supervised && !this.#stopping.signal.aborted) void this.#restart(signal ?? `exit code ${code}`, performance.now() - startedAt);
    });
    return child;
  }

  async #restart(how: string, aliveMs: number): Promise<void> {
    this.#deathsInARow = aliveMs > backoff.forgottenAfterMs ? 0 : this.#deathsInARow + 1;
    const waitMs = Math.min(backoff.longestMs, backoff.firstMs * 2 ** Math.max(0, this.#deathsInARow - 1));
    this.spec.onDied(how, waitMs);
    await delay(waitMs);
    if (!this.#stopping.signal.aborted) this.#spawn();
  }

  /** Whether the process becomes ready before it ends, is stopped, or the time is over. */
  async #poll(ended?: AbortSignal): Promise<boolean> {
    const over = AbortSignal.any([AbortSignal.timeout(readyWithinMs), this.#stopping.signal, ...(ended ? [ended] : [])]);
    do {
      if (await this.spec.isReady()) return true;
    } while (await pause(pollMs, over));
    return false;
  }

  /** Services tell a start-up error in one plain line among their JSON lines. */
  async #lastWords(): Promise<string> {
    const plain = (await this.logLines()).filter((line) => !line.startsWith('{'));
    const ownPrefix = `${this.spec.name}: `;
    const line = plain.find((each) => each.startsWith(ownPrefix)) ?? plain.at(-1);
    return line?.replace(ownPrefix, '') ?? 'ended at once and said nothing';
  }

  #failure(reason: string): Error {
    return launchErrors.error('MILLRACE_LAUNCH_PROCESS', `${this.spec.name}: ${reason} (log: ${this.spec.logFile})`);
  }
}

/** Waits; false when `signal` has aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await delay(ms);
  return !signal.aborted;
}
