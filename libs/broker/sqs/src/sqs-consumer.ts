import type { Message } from '@aws-sdk/client-sqs';
import type { Consumer, DeliveryHandler, Disposition } from '@millrace/broker';
import { type Clock, sleep, type Slots } from '@millrace/kernel';
import { HangUp } from './hang-up.js';
import type { PreparedQueue } from './prepared-queue.js';
import type { SlotSharing } from './slot-sharing.js';
import { SqsLease } from './sqs-lease.js';

export interface ConsumerParts {
  readonly queue: PreparedQueue;
  readonly slots: Slots;
  readonly sharing: SlotSharing;
  readonly handle: DeliveryHandler;
  readonly clock: Clock;
  /** Told of what went wrong and is tried again: a receive, a handler, a disposition. */
  readonly onError: (error: unknown) => void;
}

const fullBatch = 10;
/** One poll that waits for messages and, while each brings a full batch, up to two more. */
const mostPolls = 3;
const longestPauseMs = 5000;
const toRunAgain: Disposition = { kind: 'release', delayMs: 1000 };
const notWanted: Disposition = { kind: 'release', delayMs: 0 };

/**
 * Polls with as many slots as are free, hands each message to the handler without waiting for the others, and polls on.
 *
 * `stop` hangs up on a receive that waits, and releases at once what a receive under way still brings. Should SQS have
 * picked a message in the very moment of hanging up, nobody here knows it: it comes back when its lease runs out.
 */
export class SqsConsumer implements Consumer {
  readonly #parts: ConsumerParts;
  readonly #stopping = new AbortController();
  readonly #polls = new Set<Promise<void>>();
  readonly #receives = new Set<HangUp>();
  readonly #deliveries = new Map<Promise<void>, SqsLease>();
  #takingSlots = 0;
  #running = 0;
  #queueIsBusy = false;
  #failuresInARow = 0;

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    parts.sharing.join();
    this.#startPoll(() => this.#pollOn());
  }

  async ready(): Promise<void> {}

  async stop(): Promise<void> {
    this.#leave();
    for (const receive of this.#receives) receive.soon();
    await Promise.all(this.#polls);
    await Promise.all(this.#deliveries.keys());
  }

  /** Takes nothing more and lets go of what runs: its leases are lost, its dispositions void. */
  abandon(): void {
    this.#leave();
    for (const receive of this.#receives) receive.now();
    for (const lease of this.#deliveries.values()) lease.lose();
  }

  #leave(): void {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    this.#parts.sharing.leave();
  }

  #startPoll(poll: () => Promise<void>): void {
    const polling = poll().finally(() => this.#polls.delete(polling));
    this.#polls.add(polling);
  }

  async #pollOn(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const received = await this.#pollOnce(true);
      if (received > 0 && !this.#queueIsBusy) await this.#gather();
    }
  }

  /** Lets the queue fill, so that the next receive brings more. */
  async #gather(): Promise<void> {
    const { queue, clock } = this.#parts;
    const { batchMs = 0 } = queue.about;
    if (batchMs > 0) await sleep(clock, batchMs, this.#stopping.signal);
  }

  async #fetchBacklog(): Promise<void> {
    while (!this.#stopping.signal.aborted && (await this.#pollOnce(false)) === fullBatch);
  }

  /** Resolves with the number of messages received. */
  async #pollOnce(mayWait: boolean): Promise<number> {
    const slots = await this.#takeSlots();
    if (this.#stopping.signal.aborted) this.#parts.slots.give(slots);
    if (slots === 0 || this.#stopping.signal.aborted) return 0;
    const received = await this.#fill(slots, mayWait);
    this.#queueIsBusy = received === slots;
    const thereIsMore = received === fullBatch && this.#parts.slots.free > 0 && !this.#stopping.signal.aborted;
    if (thereIsMore && this.#polls.size < mostPolls) this.#startPoll(() => this.#fetchBacklog());
    return received;
  }

  async #takeSlots(): Promise<number> {
    this.#takingSlots += 1;
    this.#claimTurn();
    const taken = await this.#parts.sharing.take(this.#queueIsBusy, this.#stopping.signal);
    this.#takingSlots -= 1;
    return taken;
  }

  #claimTurn(): void {
    if (this.#takingSlots > 0 && this.#receives.size === 0 && this.#running === 0) this.#parts.sharing.preempt();
  }

  /** Receives into these slots; resolves with how many it filled. The others are free again. */
  async #fill(slots: number, mayWait: boolean): Promise<number> {
    const messages = await this.#receive(slots, mayWait);
    this.#parts.slots.give(slots - (messages?.length ?? 0));
    for (const message of messages ?? []) this.#start(message);
    if (!messages) await this.#pause();
    return messages?.length ?? 0;
  }

  /** Undefined when SQS did not answer. */
  async #receive(most: number, mayWait: boolean): Promise<readonly Message[] | undefined> {
    const { queue, sharing, clock, onError } = this.#parts;
    const hangUp = new HangUp(clock);
    const receive = (waitSeconds: number) => queue.receive({ most, waitSeconds, signal: hangUp.signal });
    this.#receives.add(hangUp);
    try {
      const messages = mayWait ? await sharing.poll(hangUp, receive) : await receive(0);
      this.#failuresInARow = 0;
      return messages;
    } catch (error) {
      onError(error);
      return undefined;
    } finally {
      this.#receives.delete(hangUp);
    }
  }

  async #pause(): Promise<void> {
    const pauseMs = Math.min(longestPauseMs, 100 * 2 ** this.#failuresInARow);
    this.#failuresInARow += 1;
    await sleep(this.#parts.clock, pauseMs, this.#stopping.signal);
  }

  #start(message: Message): void {
    const { queue, clock, onError } = this.#parts;
    const prolong = () => queue.extend(message.ReceiptHandle ?? '');
    const lease = new SqsLease({ leaseMs: queue.about.leaseMs, clock, prolong, onError });
    const delivery = this.#deliver(message, lease).finally(() => this.#deliveries.delete(delivery));
    this.#deliveries.set(delivery, lease);
  }

  async #deliver(message: Message, lease: SqsLease): Promise<void> {
    this.#running += 1;
    const disposition = this.#stopping.signal.aborted ? notWanted : await this.#handle(message, lease);
    this.#running -= 1;
    this.#parts.slots.give();
    this.#claimTurn();
    if (!lease.lost.aborted) await this.#apply(disposition, message).catch(this.#parts.onError);
    lease.end();
  }

  async #handle({ Body = '', Attributes }: Message, lease: SqsLease): Promise<Disposition> {
    const { queue, handle, onError } = this.#parts;
    const deliveryCount = Number(Attributes?.ApproximateReceiveCount ?? 1);
    try {
      return await handle({ queue: queue.about.name, body: Body, deliveryCount, lease });
    } catch (error) {
      onError(error);
      return toRunAgain;
    }
  }

  async #apply(disposition: Disposition, message: Message): Promise<void> {
    const { queue } = this.#parts;
    const { ReceiptHandle = '' } = message;
    if (disposition.kind === 'ack') return await queue.delete(ReceiptHandle);
    if (disposition.kind === 'release') return await queue.release(ReceiptHandle, disposition.delayMs);
    return await queue.bury(message, disposition.reason);
  }
}
