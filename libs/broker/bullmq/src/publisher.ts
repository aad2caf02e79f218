import { maxPriority, type OutgoingMessage } from '@millrace/broker';
import { type Clock } from '@millrace/kernel';
import type { Redis } from 'ioredis';

/** A script that ran longer would hold up every other client of Redis. */
const mostPerCall = 256;

/** BullMQ counts from 1, the first to be taken; 0 is none. */
export const bullmqPriority = (priority: number): number => (priority === 0 ? 0 : maxPriority + 1 - priority);

interface Entry {
  readonly message: OutgoingMessage;
  readonly stored: (error?: unknown) => void;
}

/** Sends the messages of one turn of the event loop together, one script call a queue. */
export class Publisher {
  readonly #client: Redis;
  readonly #clock: Clock;
  #pending = new Map<string, Entry[]>();

  constructor(client: Redis, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Resolves with nothing once the message is stored, or with what went wrong. */
  store(prefix: string, message: OutgoingMessage): Promise<unknown> {
    return new Promise((stored) => {
      if (this.#pending.size === 0) setImmediate(() => this.#flush());
      const entries = this.#pending.get(prefix);
      if (entries) entries.push({ message, stored });
      else this.#pending.set(prefix, [{ message, stored }]);
    });
  }

  #flush(): void {
    const pending = this.#pending;
    this.#pending = new Map();
    for (const [prefix, entries] of pending) {
      for (let at = 0; at < entries.length; at += mostPerCall) void this.#send(prefix, entries.slice(at, at + mostPerCall));
    }
  }

  async #send(prefix: string, entries: readonly Entry[]): Promise<void> {
    const fields = entries.flatMap(({ message: { id, delayMs = 0, priority = 0, group = '', body } }) => [id, delayMs, bullmqPriority(priority), group, body]);
    const error: unknown = await this.#client.millracePublish(prefix, this.#clock.now(), ...fields).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    for (const { stored } of entries) stored(error);
  }
}
