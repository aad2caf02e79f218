import type { Document, DocumentStore } from '@millrace/document-store';
import { type Clock, messageOf, Paced } from '@millrace/kernel';
import type { Log } from '@millrace/telemetry';
import { Coalesced } from './coalesced.js';
import { collections, listAll } from './collections.js';
import { commandPrefix } from './commands/command-desk.js';
import { followerPrefix } from './events/follow-events.js';

/** What is in the control collection. */
export interface ControlNews {
  readonly commands: readonly Document[];
  /** Until when somebody follows events, in milliseconds since the epoch; 0 when nobody does. */
  readonly followedUntil: number;
}

/** How often to look at most while there is nothing; handlers of a cancelled run notice sooner than that by themselves. */
const idleLookMs = 4_000;

/** One watch for all that a process is to be told: commands, and that somebody follows its events. */
export class ControlChannel {
  readonly #looks = new Coalesced(() => this.#look());
  readonly #paced: Paced;
  #isIdle = false;
  #unwatch: (() => Promise<void>) | undefined;

  constructor(
    private readonly told: (news: ControlNews) => void,
    private readonly deps: { readonly documents: DocumentStore; readonly clock: Clock; readonly log: Log },
  ) {
    this.#paced = new Paced(() => this.#looks.ask(), deps.clock, () => (this.#isIdle ? idleLookMs : 0));
  }

  /** Resolves when what is there now has been told. */
  async start(): Promise<void> {
    this.#unwatch = await this.deps.documents.watch(collections.control, this.#paced.ask);
    this.#looks.ask();
    await this.#looks.settled();
  }

  async stop(): Promise<void> {
    await this.#unwatch?.();
    this.#paced.stop();
    await this.#looks.settled();
  }

  async #look(): Promise<void> {
    try {
      const documents = await listAll(this.deps.documents, collections.control);
      this.#isIdle = documents.length === 0;
      const followers = documents.filter(({ key }) => key.startsWith(followerPrefix));
      this.told({
        commands: documents.filter(({ key }) => key.startsWith(commandPrefix)),
        followedUntil: Math.max(0, ...followers.map(({ expiresAt = 0 }) => expiresAt)),
      });
    } catch (err) {
      this.deps.log.warn({ reason: messageOf(err) }, 'control commands not read');
    }
  }
}
