import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { compareErrors } from './errors.js';
import { liveTreeOf } from './process-tree.js';

export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Standard output and error go here. */
  readonly logFile: string;
  /** Whether it takes messages, and notices by its closed channel that this process is gone. */
  readonly ipc: boolean;
}

/** A process of a system under comparison. It leads a process group of its own, which is killed when this process exits. */
export class Child {
  readonly #spec: ChildSpec;
  readonly #child: ChildProcess;
  #ended: string | undefined;

  constructor(spec: ChildSpec) {
    this.#spec = spec;
    const log = openSync(spec.logFile, 'a');
    this.#child = spawn(spec.command, spec.args, { env: spec.env, cwd: spec.cwd, detached: true, stdio: spec.ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log] });
    closeSync(log);
    const kill = () => this.#killGroup();
    process.once('exit', kill);
    this.#child.once('exit', (code, signal) => {
      this.#ended = signal ?? `exit code ${code}`;
      process.off('exit', kill);
    });
    this.#child.once('error', (error) => (this.#ended ??= error.message));
  }

  /** Throws MILLRACE_COMPARE_PROCESS when it has ended. */
  requireAlive(): void {
    if (this.#ended === undefined) return;
    const { name, logFile } = this.#spec;
    const lastLine = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) || 'it said nothing';
    throw compareErrors.error('MILLRACE_COMPARE_PROCESS', `${name} ended with ${this.#ended}: ${lastLine} (log: ${logFile})`);
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Kills it and all that descend from it, whatever they are doing. Resolves when it is gone. */
  async kill(): Promise<void> {
    const { pid } = this.#child;
    if (this.#ended !== undefined || pid === undefined) return;
    const gone = once(this.#child, 'exit');
    const tree = await liveTreeOf([pid]);
    for (const member of tree) killIfThere(member);
    await gone;
  }

  #killGroup(): void {
    if (this.#child.pid !== undefined) killIfThere(-this.#child.pid);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
