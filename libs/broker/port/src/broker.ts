import type { Slots } from '@millrace/kernel';
import type { Lease } from './lease.js';

/** A queue as the broker needs to know it. Times in milliseconds. */
export interface BrokerQueue {
  readonly name: string;
  /** How long a delivery stays hidden from others unless its lease is extended. */
  readonly leaseMs: number;
  /** After this many deliveries without an ack the message becomes a dead letter. */
  readonly maxDeliveries: number;
  /**
   * How long messages, acks and the next look for messages may wait for company, where each request costs money: fewer
   * requests, and so much more delay for each. Default 0. A broker whose requests cost nothing need not wait.
   */
  readonly batchMs?: number;
}

export interface OutgoingMessage {
  readonly queue: string;
  /** At most `capabilities.maxBytes` bytes of ASCII. */
  readonly body: string;
  /**
   * Names this very message. While a message of that id waits or runs, a broker that can tell may drop a second one;
   * a consumer must not rely on it.
   */
  readonly id: string;
  /** Not delivered before this many milliseconds have passed; at most `capabilities.maxDelayMs`. */
  readonly delayMs?: number;
  /**
   * How urgent it is: a whole number from 0, the default, to 9, the most urgent. Of the messages that wait, the most
   * urgent is delivered first, and equal ones in about the order they were sent. A message that is released keeps it;
   * one whose lease ran out need not. See `capabilities.priorities`.
   */
  readonly priority?: number;
  /**
   * Whose work it is. Of groups that have many messages waiting each gets about the same share of the deliveries,
   * however many it has, so none delays another's; within a group the order stays. Priorities go before that. See
   * `capabilities.groupsTakeTurns`.
   */
  readonly group?: string;
}

/** A message that was not accepted; the others of its call were. */
export interface PublishFailure {
  readonly message: OutgoingMessage;
  readonly reason: string;
}

/** One handing-over of a message to one consumer. A message may be handed over more than once (at-least-once). */
export interface Delivery {
  readonly queue: string;
  readonly body: string;
  /** The broker's own count of deliveries of this message, from 1. Not the attempt. */
  readonly deliveryCount: number;
  readonly lease: Lease;
}

/** What is to become of a delivery. Applied by the adapter; an expired lease makes it void. */
export type Disposition =
  /** Done with it, forget it. */
  | { readonly kind: 'ack' }
  /** Give it back, to be delivered again after `delayMs` (0: at once). */
  | { readonly kind: 'release'; readonly delayMs: number }
  /** Never deliver it again; keep it as a dead letter. */
  | { readonly kind: 'reject'; readonly reason: string };

/** Handles one delivery. A rejection is taken for `release` after one second. */
export type DeliveryHandler = (delivery: Delivery) => Promise<Disposition>;

export interface ConsumeOptions {
  readonly queue: BrokerQueue;
  /** Deliveries are taken only into free slots: nothing is held that does not run. May be shared between consumers. */
  readonly slots: Slots;
}

/** A running consumer. */
export interface Consumer {
  /** Resolves once deliveries can arrive; rejects when the queue cannot be consumed. */
  ready(): Promise<void>;
  /**
   * Takes nothing more and resolves when the running handlers have ended and their dispositions are applied. What was
   * received but not yet handed to a handler is released at once, without counting as a failure. May be called twice.
   */
  stop(): Promise<void>;
}

export interface QueueDepth {
  readonly waiting: number;
  readonly delayed: number;
  readonly inFlight: number;
  readonly dead: number;
}

export interface BrokerCapabilities {
  /** The longest `delayMs`. */
  readonly maxDelayMs: number;
  /** The largest body. */
  readonly maxBytes: number;
  /** Whether a second message of an id that is still there is dropped. */
  readonly deduplicates: boolean;
  /** Whether `depth` is exact rather than approximate. */
  readonly exactDepth: boolean;
  /** Whether a message's priority counts. Where it does not it is ignored: give urgent work a queue of its own. */
  readonly priorities: boolean;
  /** Whether groups share out exactly. Where not, a broker may take groups for a hint, as the fair queues of SQS do. */
  readonly groupsTakeTurns: boolean;
}

/** Stores messages and hands them to consumers, at least once, in no promised order but that of priorities. */
export interface Broker {
  readonly capabilities: BrokerCapabilities;
  /** Creates what is missing and checks what is there. Safe to call from several processes at once. */
  prepare(queues: readonly BrokerQueue[]): Promise<void>;
  /**
   * Resolves when each message is stored or known not to be. Calls made at about the same time may share a request.
   * Rejects with MILLRACE_BROKER_UNAVAILABLE when none could be sent, MILLRACE_BROKER_QUEUE_UNKNOWN before `prepare`.
   */
  publish(messages: readonly OutgoingMessage[]): Promise<readonly PublishFailure[]>;
  consume(options: ConsumeOptions, handle: DeliveryHandler): Consumer;
  depth(queue: string): Promise<QueueDepth>;
  /** Rejects with MILLRACE_BROKER_UNAVAILABLE when the broker does not answer. */
  ping(): Promise<void>;
  /** Closes connections. Consumers are to be stopped first. */
  close(): Promise<void>;
}
