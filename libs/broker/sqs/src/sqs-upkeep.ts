import type { Message } from '@aws-sdk/client-sqs';
import type { BrokerQueue, DeadLetter, DeadLetterPage, DeadLetters } from '@millrace/broker';
import type { Clock } from '@millrace/kernel';
import { readDeadLetter, toRedriven } from './dead-letter-messages.js';
import { unavailable } from './errors.js';
import type { QueueUrls } from './prepare-queue.js';
import type { SqsApi } from './sqs-api.js';

/** How long a message is hidden from others while it is looked at or moved, in seconds. */
const hiddenSeconds = 30;
const mostListed = 1_000;

interface Queue {
  readonly about: BrokerQueue;
  readonly urls: QueueUrls;
}

/**
 * Dead letters as messages of the `-dead` queue. SQS shows messages only by delivering them, so a look hides what it finds
 * and shows it again when it ends; one that is cut off leaves it hidden for half a minute.
 */
export class SqsUpkeep implements DeadLetters {
  readonly #api: SqsApi;
  readonly #clock: Clock;
  readonly #queueOf: (name: string) => Queue;

  constructor(api: SqsApi, clock: Clock, queueOf: (name: string) => Queue) {
    this.#api = api;
    this.#clock = clock;
    this.#queueOf = queueOf;
  }

  async list(queue: string, { limit, after = '' }: { limit: number; after?: string }): Promise<DeadLetterPage> {
    const letters = (await this.#lookThrough(queue)).filter((letter) => placeOf(letter) > after);
    const page = letters.slice(0, limit);
    const last = page.at(-1);
    return { letters: page, ...(letters.length > limit && last && { next: placeOf(last) }) };
  }

  async inspect(queue: string, id: string): Promise<DeadLetter | undefined> {
    return (await this.#lookThrough(queue)).find((letter) => letter.id === id);
  }

  async redrive(queue: string, id: string): Promise<boolean> {
    const { urls } = this.#queueOf(queue);
    const { found, others } = await this.#find(urls.dead, id);
    if (found) await this.#sendBack(urls, [found]);
    await this.#show(urls.dead, others);
    return found !== undefined;
  }

  redriveAll(queue: string): Promise<number> {
    const { urls } = this.#queueOf(queue);
    return this.#drain(urls.dead, (messages) => this.#sendBack(urls, messages));
  }

  purge(queue: string): Promise<number> {
    const { urls } = this.#queueOf(queue);
    return this.#drain(urls.dead, (messages) => this.#delete(urls.dead, messages));
  }

  purgeWaiting(queue: string): Promise<number> {
    const { urls } = this.#queueOf(queue);
    return this.#drain(urls.source, (messages) => this.#delete(urls.source, messages));
  }

  /** Dead letters in order of time, the first thousand that SQS comes up with. */
  async #lookThrough(queue: string): Promise<DeadLetter[]> {
    const { about, urls } = this.#queueOf(queue);
    const { others } = await this.#find(urls.dead);
    await this.#show(urls.dead, others);
    return others.map((message) => readDeadLetter(about, message)).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  }

  /** Receives messages until it has the one of this id, or a thousand, or there are no more. They stay hidden. */
  async #find(url: string, id?: string): Promise<{ found: Message | undefined; others: Message[] }> {
    const seen = new Map<string, Message>();
    while (seen.size < mostListed) {
      const messages = await this.#api.look(url, hiddenSeconds);
      const before = seen.size;
      for (const message of messages) seen.set(message.MessageId ?? '', message);
      const found = id === undefined ? undefined : seen.get(id);
      if (found) return { found, others: [...seen.values()].filter((message) => message !== found) };
      if (seen.size === before) break;
    }
    return { found: undefined, others: [...seen.values()] };
  }

  /** Does away with the messages that were there when it began; later ones are shown again. */
  async #drain(url: string, doAway: (messages: readonly Message[]) => Promise<void>): Promise<number> {
    const begun = this.#clock.now();
    const isLater = ({ Attributes }: Message): boolean => Number(Attributes?.SentTimestamp ?? 0) > begun;
    const later: Message[] = [];
    let count = 0;
    for (let messages = await this.#api.look(url, hiddenSeconds); messages.length > 0; messages = await this.#api.look(url, hiddenSeconds)) {
      const old = messages.filter((message) => !isLater(message));
      later.push(...messages.filter(isLater));
      if (old.length > 0) await doAway(old);
      count += old.length;
    }
    await this.#show(url, later);
    return count;
  }

  /** Sends first and deletes then: cut off between, the letter is there as well as the message. */
  async #sendBack(urls: QueueUrls, messages: readonly Message[]): Promise<void> {
    for (const failure of (await this.#api.send(urls.source, messages.map(toRedriven))).values()) throw unavailable('SendMessageBatch', failure.reason);
    await this.#delete(urls.dead, messages);
  }

  async #delete(url: string, messages: readonly Message[]): Promise<void> {
    for (const failure of (await this.#api.delete(url, messages.map(handleOf))).values()) throw unavailable('DeleteMessageBatch', failure.reason);
  }

  async #show(url: string, messages: readonly Message[]): Promise<void> {
    for (let at = 0; at < messages.length; at += 10) {
      await this.#api.changeVisibility(url, messages.slice(at, at + 10).map((message) => ({ receiptHandle: handleOf(message), seconds: 0 })));
    }
  }
}

const handleOf = ({ ReceiptHandle = '' }: Message): string => ReceiptHandle;

/** Orders letters, about by time. */
const placeOf = ({ diedAt, publishedAt = 0, id }: DeadLetter): string => `${diedAt ?? publishedAt}/${id}`;
