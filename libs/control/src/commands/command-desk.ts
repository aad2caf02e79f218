import type { DocumentStore } from '@millrace/document-store';
import { type Clock, News, type Random, sortableId } from '@millrace/kernel';
import { collections, listAll, read, repliesTo } from '../collections.js';
import type { Command, CommandName, Reply, SentCommand } from './command.js';

/** Keys of commands in the control collection begin so. */
export const commandPrefix = 'cmd_';

/** Whoever is late still finds the command, and whoever asks the reply, for this long, in milliseconds. */
export const keptForMs = 60_000;

/** A missed notification costs at most this long. */
const lookAnywayMs = 1_000;

export interface Asked<Name extends CommandName> {
  readonly command: Command<Name>;
  /** Ids of workers. */
  readonly to: readonly string[];
  readonly timeoutMs: number;
}

export interface Answers<Name extends CommandName> {
  readonly replies: ReadonlyArray<Reply<Name>>;
  /** Ids of the workers that did not answer in time. */
  readonly missing: readonly string[];
}

interface DeskDeps {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** Sends commands to workers and collects their replies. */
export class CommandDesk {
  constructor(private readonly deps: DeskDeps) {}

  /** Resolves when all have answered, or the time is up. A worker carries a command out once, however often it sees it. */
  async send<Name extends CommandName>({ command, to, timeoutMs }: Asked<Name>): Promise<Answers<Name>> {
    const { documents, clock, random } = this.deps;
    const id = sortableId('cmd', clock, random);
    const until = clock.monotonic() + timeoutMs;
    const news = new News(clock);
    const stop = await documents.watch(repliesTo(id), () => news.tell());
    try {
      const sent: Omit<SentCommand, 'command'> = { id, to };
      await documents.put({ collection: collections.control, key: id }, JSON.stringify({ ...sent, command }), { expiresAt: clock.now() + timeoutMs + keptForMs });
      for (;;) {
        const answers = await this.#answers<Name>(id, to);
        const leftMs = until - clock.monotonic();
        if (answers.missing.length === 0 || leftMs <= 0) return answers;
        await news.wait(Math.min(leftMs, lookAnywayMs));
      }
    } finally {
      await stop();
    }
  }

  async #answers<Name extends CommandName>(id: string, to: readonly string[]): Promise<Answers<Name>> {
    const replies = (await listAll(this.deps.documents, repliesTo(id))).map((document) => read<Reply<Name>>(document));
    const answered = new Set(replies.map(({ worker }) => worker));
    return { replies, missing: to.filter((worker) => !answered.has(worker)) };
  }
}
