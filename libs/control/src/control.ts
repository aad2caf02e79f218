import type { DocumentStore } from '@millrace/document-store';
import type { Clock, Random } from '@millrace/kernel';
import { type Answers, CommandDesk } from './commands/command-desk.js';
import type { Command, CommandName } from './commands/command.js';
import { controlErrors } from './errors.js';
import { type WorkerChoice, WorkerDirectory } from './workers/worker-directory.js';

export interface ControlDeps {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** How long workers are waited for, in milliseconds. */
export const answerWithinMs = 8_000;

/** The operator's side of remote control: finds workers and has them carry out commands. */
export class Control {
  readonly directory: WorkerDirectory;
  readonly #desk: CommandDesk;

  constructor(deps: ControlDeps) {
    this.directory = new WorkerDirectory(deps.documents);
    this.#desk = new CommandDesk(deps);
  }

  /** Tells the workers with these ids. Rejects with MILLRACE_CONTROL_NO_WORKER when there are none. */
  async tellThese<Name extends CommandName>(command: Command<Name>, to: readonly string[], timeoutMs = answerWithinMs): Promise<Answers<Name>> {
    if (to.length === 0) throw controlErrors.error('MILLRACE_CONTROL_NO_WORKER', `no process that is up can ${command.type}`);
    return this.#desk.send({ command, to, timeoutMs });
  }

  /** Rejects with MILLRACE_CONTROL_NO_WORKER when nobody fits; who fits but does not answer in time is named. */
  async tell<Name extends CommandName>(command: Command<Name>, choice: WorkerChoice & { readonly workersOnly?: boolean } = {}, timeoutMs = answerWithinMs): Promise<Answers<Name>> {
    const found = await this.directory.required(choice);
    return this.tellThese(command, found.filter(({ pools }) => !choice.workersOnly || pools.length > 0).map(({ id }) => id), timeoutMs);
  }
}
