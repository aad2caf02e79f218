import { once } from 'node:events';
import {
  type Broker,
  type BrokerCapabilities,
  brokerErrors,
  type BrokerQueue,
  type BrokerUpkeep,
  type ConsumeOptions,
  type Consumer,
  type DeliveryHandler,
  type OutgoingMessage,
  type PublishFailure,
  type QueueDepth,
  unfitPriority,
} from '@millrace/broker';
import { messageOf, type MillraceError, systemClock } from '@millrace/kernel';
import { connection } from '@millrace/redis';
import type { Redis } from 'ioredis';
import { BullmqUpkeep } from './bullmq-upkeep.js';
import { BullmqConsumer } from './bullmq-consumer.js';
import { waitingClient, withScripts } from './connection.js';
import type { BullmqBrokerOptions } from './options.js';
import { Publisher } from './publisher.js';
import { isReservedId, queuePrefix } from './queue-keys.js';
import { Recovery } from './recovery.js';

/** A broker on Redis, in the layout of BullMQ: its queues can be watched and repaired with BullMQ's own tools. */
export class BullmqBroker implements Broker, BrokerUpkeep {
  readonly capabilities: BrokerCapabilities = {
    maxDelayMs: 7 * 24 * 3600 * 1000,
    maxBytes: 1_048_576,
    deduplicates: true,
    exactDepth: true,
    priorities: true,
    groupsTakeTurns: true,
  };
  readonly deadLetters: BullmqUpkeep;
  readonly #prefix: string;
  readonly #onError: (error: unknown) => void;
  /** For everything but waiting. One for all, so that what a handler publishes arrives before its acknowledgement. */
  readonly #client: Redis;
  readonly #closeOwn: () => Promise<void>;
  readonly #publisher: Publisher;
  readonly #prepared = new Set<string>();
  readonly #consumers = new Set<BullmqConsumer>();
  readonly #recovery: Recovery;
  #firstConnection: Promise<void> | undefined;
  #closed = false;

  constructor(options: BullmqBrokerOptions) {
    const { prefix = 'mr', onError = () => undefined } = options;
    this.#prefix = prefix;
    this.#onError = (error) => {
      if (!this.#closed) onError(error);
    };
    const { redis, close } = connection(options);
    this.#client = withScripts(redis);
    this.#closeOwn = close;
    this.#client.on('error', this.#onError);
    this.#publisher = new Publisher(this.#client, systemClock);
    this.#recovery = new Recovery(systemClock, this.#onError);
    this.deadLetters = new BullmqUpkeep((question) => this.#ask(question), prefix, systemClock);
  }

  /** Redis needs no creating of queues: this makes sure that it answers. */
  async prepare(queues: readonly BrokerQueue[]): Promise<void> {
    await this.ping();
    for (const { name } of queues) this.#prepared.add(name);
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<readonly PublishFailure[]> {
    for (const { queue } of messages) this.#requirePrepared(queue);
    const failures: PublishFailure[] = [];
    const sent: Array<{ message: OutgoingMessage; error: Promise<unknown> }> = [];
    for (const message of messages) {
      const reason = this.#unfit(message);
      if (reason === undefined) sent.push({ message, error: this.#publisher.store(queuePrefix(this.#prefix, message.queue), message) });
      else failures.push({ message, reason });
    }
    let unsent: unknown;
    for (const { message, error } of sent) {
      const thrown = await error;
      if (thrown === undefined) continue;
      unsent = thrown;
      failures.push({ message, reason: messageOf(thrown) });
    }
    if (unsent !== undefined && failures.length === messages.length) throw unavailable(unsent);
    return failures;
  }

  consume(options: ConsumeOptions, handle: DeliveryHandler): Consumer {
    if (this.#closed) throw unavailable('the broker is closed');
    const consumer = new BullmqConsumer(options, handle, {
      client: this.#client,
      openWaiting: () => waitingClient(this.#client, this.#onError),
      connected: () => this.#connected(),
      prefix: this.#prefix,
      clock: systemClock,
      recovery: this.#recovery,
      onError: this.#onError,
    });
    this.#consumers.add(consumer);
    return consumer;
  }

  async depth(queue: string): Promise<QueueDepth> {
    const key = queuePrefix(this.#prefix, queue);
    const [plain, prioritized, delayed, inFlight, dead] = await this.#ask((client) =>
      Promise.all([
        client.llen(`${key}wait`),
        client.zcard(`${key}prioritized`),
        client.zcard(`${key}delayed`),
        client.llen(`${key}active`),
        client.zcard(`${key}failed`),
      ]),
    );
    return { waiting: plain + prioritized, delayed, inFlight, dead };
  }

  purge(queue: string): Promise<number> {
    return this.deadLetters.purgeWaiting(queue);
  }

  async ping(): Promise<void> {
    await this.#ask((client) => client.ping());
  }

  /** Closes all connections at once. What consumers not stopped are working on becomes free when its lease runs out. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const consumer of this.#consumers) consumer.abandon();
    this.#client.off('error', this.#onError);
    await this.#closeOwn();
  }

  async #ask<T>(question: (client: Redis) => Promise<T>): Promise<T> {
    try {
      await this.#connected();
      return await question(this.#client);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** Waits for the first attempt to connect; whatever comes of it, the client goes on trying by itself. */
  async #connected(): Promise<void> {
    this.#firstConnection ??= this.#connect();
    try {
      await this.#firstConnection;
    } catch (error) {
      if (this.#client.status !== 'ready') throw error;
    }
  }

  /** Others who use the connection may have begun it. */
  async #connect(): Promise<void> {
    if (this.#client.status === 'wait') await this.#client.connect();
    else if (this.#client.status !== 'ready') await once(this.#client, 'ready');
  }

  #requirePrepared(queue: string): void {
    if (this.#prepared.has(queue)) return;
    throw brokerErrors.error('MILLRACE_BROKER_QUEUE_UNKNOWN', `queue ${queue} was not prepared; prepare it before publishing to it`);
  }

  #unfit(message: OutgoingMessage): string | undefined {
    const { id, body, delayMs = 0 } = message;
    const { maxBytes, maxDelayMs } = this.capabilities;
    if (isReservedId(id)) return `a message id must not be empty, contain ':' or be one of BullMQ's key names: '${id}'`;
    if (body.length > maxBytes) return `a body has at most ${maxBytes} bytes; this one has ${body.length}`;
    if (delayMs > maxDelayMs) return `a message is delayed by at most ${maxDelayMs} ms; this one by ${delayMs}`;
    return unfitPriority(message);
  }
}

const unavailable = (cause: unknown): MillraceError =>
  brokerErrors.error('MILLRACE_BROKER_UNAVAILABLE', `Redis cannot be used: ${messageOf(cause)}`, { cause });
