import type { Document, DocumentStore } from '@millrace/document-store';
import { type Clock, messageOf, MillraceError } from '@millrace/kernel';
import type { Log } from '@millrace/telemetry';
import { read, repliesTo } from '../collections.js';
import { controlErrors } from '../errors.js';
import type { AnswerTo, Command, CommandName, Reply, SentCommand } from './command.js';
import { keptForMs } from './command-desk.js';

/** What a process does when it is told to. */
export type CommandHandlers = { readonly [Name in CommandName]: (command: Command<Name>, id: string) => Promise<AnswerTo<Name>> };

interface StationDeps {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** The receiving end of commands in one process: carries out each that is for it, once, and puts its reply. */
export class CommandStation {
  /** Ids of commands that were begun, and when they can be forgotten. */
  readonly #begun = new Map<string, number>();

  constructor(
    private readonly worker: string,
    private readonly handlers: CommandHandlers,
    private readonly deps: StationDeps,
  ) {}

  /** Begins what is new among the commands that are there; does not wait for it. */
  take(documents: readonly Document[]): void {
    const now = this.deps.clock.now();
    for (const [id, until] of this.#begun) if (until < now) this.#begun.delete(id);
    for (const document of documents) {
      const sent = read<SentCommand>(document);
      if (this.#begun.has(sent.id) || !sent.to.includes(this.worker)) continue;
      this.#begun.set(sent.id, document.expiresAt ?? now + keptForMs);
      void this.#carryOut(sent);
    }
  }

  async #carryOut({ id, command }: SentCommand): Promise<void> {
    const { documents, clock, log } = this.deps;
    const reply = await this.#replyTo(id, command);
    log.info({ command: command.type, id, ok: reply.ok, ...(reply.ok ? {} : { code: reply.code, reason: reply.message }) }, 'command carried out');
    try {
      await documents.put({ collection: repliesTo(id), key: this.worker }, JSON.stringify(reply), { expiresAt: clock.now() + keptForMs });
    } catch (err) {
      log.warn({ command: command.type, id, reason: messageOf(err) }, 'reply not sent');
    }
  }

  async #replyTo(id: string, command: Command): Promise<Reply> {
    try {
      return { worker: this.worker, ok: true, answer: await this.#handle(id, command) };
    } catch (err) {
      const code = MillraceError.is(err) ? err.code : 'MILLRACE_CONTROL_COMMAND';
      return { worker: this.worker, ok: false, code, message: messageOf(err) };
    }
  }

  #handle(id: string, command: Command): Promise<AnswerTo<CommandName>> {
    if (!Object.hasOwn(this.handlers, command.type)) throw controlErrors.error('MILLRACE_CONTROL_COMMAND', `this worker knows no command ${JSON.stringify(command.type)}`);
    const handle = this.handlers[command.type] as (command: Command, id: string) => Promise<AnswerTo<CommandName>>;
    return handle(command, id);
  }
}
