import {
  type Broker,
  type BrokerCapabilities,
  type BrokerQueue,
  type BrokerUpkeep,
  type ConsumeOptions,
  type Consumer,
  type DeliveryHandler,
  type OutgoingMessage,
  type PublishFailure,
  type QueueDepth,
} from '@millrace/broker';
import { type Clock, messageOf, type Slots, systemClock } from '@millrace/kernel';
import { unknownQueue } from './errors.js';
import { refusal, sqsCapabilities } from './message-rules.js';
import { prepareQueue } from './prepare-queue.js';
import { PreparedQueue } from './prepared-queue.js';
import { SlotSharing } from './slot-sharing.js';
import { type OnCall, SqsApi } from './sqs-api.js';
import { connect, type SqsClient, type SqsConnection } from './sqs-client.js';
import { SqsConsumer } from './sqs-consumer.js';
import { SqsUpkeep } from './sqs-upkeep.js';

export interface SqsBrokerSettings {
  /** Stands before every queue's name in SQS. */
  readonly prefix: string;
  readonly clock?: Clock;
  /** Called once for each API call. */
  readonly onCall?: OnCall;
  /** Told of what went wrong without anybody waiting for it, and is tried again. A process warning by default. */
  readonly onError?: (error: unknown) => void;
}

/** A client of one's own is closed with the broker. */
export type SqsBrokerOptions = SqsBrokerSettings & ({ readonly client: SqsClient } | SqsConnection);

/** Queues in SQS: one standard queue and one for dead letters each. */
export class SqsBroker implements Broker, BrokerUpkeep {
  readonly capabilities: BrokerCapabilities = sqsCapabilities;
  readonly deadLetters: SqsUpkeep;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #api: SqsApi;
  readonly #queues = new Map<string, PreparedQueue>();
  readonly #sharings = new WeakMap<Slots, SlotSharing>();
  readonly #consumers = new Set<SqsConsumer>();

  constructor(options: SqsBrokerOptions) {
    const { prefix, clock = systemClock, onCall = () => {}, onError = warn } = options;
    this.#prefix = prefix;
    this.#clock = clock;
    this.#api = new SqsApi('client' in options ? options.client : connect(options), onCall);
    this.deadLetters = new SqsUpkeep(this.#api, this.#clock, (name) => this.#queue(name));
    this.#onError = (error) => {
      if (!this.#api.isClosed) onError(error);
    };
  }

  async prepare(queues: readonly BrokerQueue[]): Promise<void> {
    await Promise.all(
      queues.map(async (queue) => {
        const urls = await prepareQueue(this.#api, this.#clock, this.#prefix + queue.name, queue);
        this.#queues.set(queue.name, new PreparedQueue(queue, urls, this.#api));
      }),
    );
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<readonly PublishFailure[]> {
    const addressed = messages.map((message) => ({ message, queue: this.#queue(message.queue) }));
    const outcomes = await Promise.allSettled(
      addressed.map(async ({ message, queue }) => refusal(message) ?? (await queue.publish(message))?.reason),
    );
    const failures = outcomes.flatMap((outcome, at): PublishFailure[] => {
      const message = messages[at];
      const reason = outcome.status === 'fulfilled' ? outcome.value : messageOf(outcome.reason);
      return message && reason !== undefined ? [{ message, reason }] : [];
    });
    const unsent = outcomes.find((outcome) => outcome.status === 'rejected');
    if (unsent && failures.length === messages.length) throw unsent.reason;
    return failures;
  }

  consume({ queue, slots }: ConsumeOptions, handle: DeliveryHandler): Consumer {
    const prepared = this.#queues.get(queue.name);
    if (!prepared) return { ready: () => Promise.reject(unknownQueue(queue.name)), stop: () => Promise.resolve() };
    const consumer = new SqsConsumer({
      queue: prepared,
      slots,
      sharing: this.#sharingOf(slots),
      handle,
      clock: this.#clock,
      onError: this.#onError,
    });
    this.#consumers.add(consumer);
    return consumer;
  }

  async depth(queue: string): Promise<QueueDepth> {
    return await this.#queue(queue).depth();
  }

  purge(queue: string): Promise<number> {
    return this.deadLetters.purgeWaiting(queue);
  }

  async ping(): Promise<void> {
    await this.#api.queueUrl(`${this.#prefix}ping`);
  }

  async close(): Promise<void> {
    this.#api.close();
    for (const consumer of this.#consumers) consumer.abandon();
    this.#consumers.clear();
  }

  #queue(name: string): PreparedQueue {
    const queue = this.#queues.get(name);
    if (!queue) throw unknownQueue(name);
    return queue;
  }

  #sharingOf(slots: Slots): SlotSharing {
    const sharing = this.#sharings.get(slots) ?? new SlotSharing(slots);
    this.#sharings.set(slots, sharing);
    return sharing;
  }
}

function warn(error: unknown): void {
  process.emitWarning(messageOf(error), 'MillraceBrokerWarning');
}
