import type { BrokerQueue } from '@millrace/broker';
import { type Clock, systemRandom } from '@millrace/kernel';
import type { Redis } from 'ioredis';
import { queuePrefix } from './queue-keys.js';

/** A message leased to this consumer. */
export interface LeasedMessage {
  readonly id: string;
  readonly body: string;
  /** Deliveries so far, this one included. */
  readonly count: number;
  /** When the lease began at the latest, in `clock.monotonic()`. */
  readonly since: number;
}

export interface ExchangeRequest {
  readonly done: readonly LeasedMessage[];
  readonly wanted: number;
  /** Whether the marker was taken, so that others who wait know nothing of the messages. */
  readonly woken: boolean;
}

export interface ExchangeReply {
  readonly taken: readonly LeasedMessage[];
  /** When the next delayed message is due, in `clock.now()`; Infinity when there is none. */
  readonly dueAt: number;
}

/** One queue as one consumer uses it: the commands that need the lock of a message. */
export class LeasedQueue {
  readonly markerKey: string;
  readonly #prefix: string;
  /** A lock holds this and the delivery count: no two deliveries of a message have the same. */
  readonly #token = `${Buffer.from(systemRandom.bytes(6)).toString('base64url')}.`;

  constructor(
    private readonly client: Redis,
    prefix: string,
    private readonly queue: BrokerQueue,
    private readonly clock: Clock,
  ) {
    this.#prefix = queuePrefix(prefix, queue.name);
    this.markerKey = `${this.#prefix}marker`;
  }

  async exchange({ done, wanted, woken }: ExchangeRequest): Promise<ExchangeReply> {
    const since = this.clock.monotonic();
    const acks = done.flatMap(({ id, count }) => [id, count]);
    const [due, ...fields] = await this.client.millraceExchange(
      this.#prefix, this.clock.now(), this.#token, this.queue.leaseMs, wanted, woken ? 1 : 0, ...acks,
    );
    const taken: LeasedMessage[] = [];
    for (let at = 0; at < fields.length; at += 3) {
      taken.push({ id: String(fields[at]), count: Number(fields[at + 1]), body: String(fields[at + 2]), since });
    }
    return { taken, dueAt: Number(due) || Infinity };
  }

  /** Resolves false when the lock is no longer ours. */
  async extend({ id, count }: LeasedMessage): Promise<boolean> {
    return (await this.client.millraceExtend(this.#prefix, id, this.#lock(count), this.queue.leaseMs)) === 1;
  }

  async release(message: LeasedMessage, delayMs: number): Promise<void> {
    await this.client.millraceRelease(this.#prefix, this.clock.now(), message.id, this.#lock(message.count), Math.ceil(delayMs), 0);
  }

  /** Gives back what was never handed to a handler; the delivery does not count. */
  async giveBack(message: LeasedMessage): Promise<void> {
    await this.client.millraceRelease(this.#prefix, this.clock.now(), message.id, this.#lock(message.count), 0, 1);
  }

  async bury(message: LeasedMessage, reason: string): Promise<void> {
    await this.client.millraceBury(this.#prefix, this.clock.now(), message.id, this.#lock(message.count), reason);
  }

  /** Wakes one of those who wait for messages. */
  async wakeAnother(): Promise<void> {
    await this.client.zadd(this.markerKey, 0, '0');
  }

  get leaseMs(): number {
    return this.queue.leaseMs;
  }

  /** Makes messages whose lock ran out wait again. Resolves with whether any message was at work. */
  async recover(): Promise<boolean> {
    if ((await this.client.llen(`${this.#prefix}active`)) === 0) return false;
    await this.client.millraceRecover(this.#prefix);
    return true;
  }

  #lock(count: number): string {
    return `${this.#token}${count}`;
  }
}
