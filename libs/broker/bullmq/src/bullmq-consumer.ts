import { once } from 'node:events';
import type { ConsumeOptions, Consumer, DeliveryHandler, Disposition } from '@millrace/broker';
import { allMicrotasks, assertNever, type Clock, sleep } from '@millrace/kernel';
import type { Redis } from 'ioredis';
import { BullmqLease } from './bullmq-lease.js';
import { type LeasedMessage, LeasedQueue } from './leased-queue.js';
import type { Recovery } from './recovery.js';

/** How long to wait for a marker before looking anyway, in case one was lost with a consumer that died. */
const longestWaitMs = 5000;
/** A script that ran longer would hold up every other client of Redis. */
const mostPerCall = 64;
const mostAcksPerCall = 256;
const pauseAfterErrorMs = 1000;
const afterThrowing: Disposition = { kind: 'release', delayMs: 1000 };

export interface ConsumerContext {
  /** For everything but waiting; shared by the consumers of a broker. */
  readonly client: Redis;
  /** A connection of its own, as waiting occupies it. */
  openWaiting(): Redis;
  /** Resolves or rejects with the first attempt to connect. */
  connected(): Promise<void>;
  readonly prefix: string;
  readonly clock: Clock;
  readonly recovery: Recovery;
  readonly onError: (error: unknown) => void;
}

/**
 * Takes messages into free slots. One command acknowledges what has ended and takes what comes next; while there is
 * nothing to take the consumer waits for BullMQ's marker, holding no slot.
 */
export class BullmqConsumer implements Consumer {
  readonly #queue: LeasedQueue;
  readonly #waiting: Redis;
  readonly #stopping = new AbortController();
  /** Deliveries and commands under way. */
  readonly #underway = new Set<Promise<void>>();
  readonly #stopRecovery: () => void;
  readonly #polling: Promise<void>;
  readonly #done: LeasedMessage[] = [];
  #exchanging = false;
  #flushDue = false;
  #abandoned = false;
  #stopped: Promise<void> | undefined;

  constructor(
    private readonly options: ConsumeOptions,
    private readonly handle: DeliveryHandler,
    private readonly context: ConsumerContext,
  ) {
    const { client, prefix, clock } = context;
    this.#queue = new LeasedQueue(client, prefix, options.queue, clock);
    this.#waiting = context.openWaiting();
    this.#stopRecovery = context.recovery.watch(this.#queue);
    this.#polling = this.#poll();
  }

  async ready(): Promise<void> {
    const { client } = this.context;
    await this.#connected();
    if (client.status !== 'ready') await once(client, 'ready');
  }

  /** Waits for the first attempt to connect; after a failure the client goes on trying by itself. */
  async #connected(): Promise<void> {
    await this.context.connected().catch(this.context.onError);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#drain();
    return this.#stopped;
  }

  /** Stops as a killed process would: what runs is left to its lease. */
  abandon(): void {
    this.#abandoned = true;
    this.#stopTaking();
  }

  #stopTaking(): void {
    this.#stopping.abort();
    this.#stopRecovery();
    this.#waiting.disconnect();
  }

  async #drain(): Promise<void> {
    this.#stopTaking();
    await this.#polling;
    while (this.#underway.size > 0) await Promise.all(this.#underway);
    await this.#flush();
    if (this.#abandoned) return;
    await this.#queue.wakeAnother().catch(this.context.onError); // the marker may have been on its way to us
  }

  async #poll(): Promise<void> {
    const { slots } = this.options;
    let woken = false;
    await this.#connected();
    for (;;) {
      const first = await slots.take(1, this.#stopping.signal);
      if (first === 0) return;
      await allMicrotasks(); // slots that come free together are filled together
      const dueAt = await this.#fill(first + slots.takeFree(mostPerCall - first), woken);
      woken = dueAt !== undefined && (await this.#wait(dueAt));
    }
  }

  /** Takes messages into these slots. Resolves with when the next one is due if the queue had too few. */
  async #fill(slots: number, woken: boolean): Promise<number | undefined> {
    this.#exchanging = true;
    try {
      const { taken, dueAt } = await this.#queue.exchange({ done: this.#takeDone(), wanted: slots, woken });
      this.options.slots.give(slots - taken.length);
      for (const message of taken) this.#track(this.#deliver(message));
      return taken.length < slots ? dueAt : undefined;
    } catch (error) {
      this.options.slots.give(slots);
      await this.#pauseAfter(error);
      return undefined;
    } finally {
      this.#exchanging = false;
      this.#flushSoon();
    }
  }

  /** Waits until there may be something to take. Resolves with whether the marker was taken for it. */
  async #wait(dueAt: number): Promise<boolean> {
    const woken = await this.#takeMarker(dueAt);
    const something = woken || dueAt <= this.context.clock.now();
    if (!something || this.options.slots.free > 0 || this.#stopping.signal.aborted) return woken;
    await this.#queue.wakeAnother().catch(this.context.onError); // all slots went to other queues meanwhile
    return false;
  }

  /** Resolves true with the marker, false when it is time to look without. A marker of a delayed message says when that will be. */
  async #takeMarker(dueAt: number): Promise<boolean> {
    const { clock } = this.context;
    try {
      for (let due = dueAt; !this.#stopping.signal.aborted; ) {
        const ms = Math.min(longestWaitMs, due - clock.now());
        if (ms <= 0) return false;
        const marker = await this.#waiting.bzpopmin(this.#queue.markerKey, Math.ceil(ms) / 1000);
        if (!marker) return false;
        const score = Number(marker[2]);
        if (score <= clock.now()) return true;
        due = Math.min(due, score);
      }
    } catch (error) {
      await this.#pauseAfter(error);
    }
    return false;
  }

  async #deliver(message: LeasedMessage): Promise<void> {
    const settle = await this.#handleOrReturn(message);
    // the acknowledgement is noted before the slot is free, so that it goes with the command that fills the slot
    const settled = this.#abandoned ? undefined : settle?.();
    this.options.slots.give();
    await settled?.catch(this.context.onError);
  }

  /** Runs the handler where there is one to run; resolves with what is then to be done with the message. */
  async #handleOrReturn(message: LeasedMessage): Promise<(() => Promise<void>) | undefined> {
    const { maxDeliveries, leaseMs } = this.options.queue;
    const late = this.context.clock.monotonic() - message.since >= leaseMs; // the answer came out of an outage
    if (late || this.#stopping.signal.aborted) return () => this.#queue.giveBack(message);
    if (message.count > maxDeliveries) return () => this.#queue.bury(message, `delivered ${maxDeliveries} times without an ack`);
    const lease = this.#leaseOf(message);
    const disposition = await this.#handled(message, lease);
    lease.end();
    return lease.lost.aborted ? undefined : () => this.#apply(message, disposition);
  }

  async #handled({ body, count }: LeasedMessage, lease: BullmqLease): Promise<Disposition> {
    try {
      return await this.handle({ queue: this.options.queue.name, body, deliveryCount: count, lease });
    } catch (error) {
      this.context.onError(error);
      return afterThrowing;
    }
  }

  #leaseOf(message: LeasedMessage): BullmqLease {
    const renew = async () => {
      try {
        return !this.#abandoned && (await this.#queue.extend(message));
      } catch (error) {
        this.context.onError(error);
        return false;
      }
    };
    return new BullmqLease({ leaseMs: this.options.queue.leaseMs, since: message.since, clock: this.context.clock, renew });
  }

  async #apply(message: LeasedMessage, disposition: Disposition): Promise<void> {
    switch (disposition.kind) {
      case 'ack':
        this.#done.push(message);
        return this.#flushSoon();
      case 'release':
        return this.#queue.release(message, disposition.delayMs);
      case 'reject':
        return this.#queue.bury(message, disposition.reason);
      default:
        return assertNever(disposition);
    }
  }

  /** Acknowledges what no other command has acknowledged by the end of this turn of the event loop. */
  #flushSoon(): void {
    if (this.#flushDue || this.#exchanging || this.#done.length === 0) return;
    this.#flushDue = true;
    setImmediate(() => {
      this.#flushDue = false;
      if (!this.#exchanging) this.#track(this.#flush());
    });
  }

  async #flush(): Promise<void> {
    while (this.#done.length > 0 && !this.#abandoned) {
      await this.#queue.exchange({ done: this.#takeDone(), wanted: 0, woken: false }).catch(this.context.onError);
    }
  }

  #takeDone(): LeasedMessage[] {
    return this.#done.splice(0, mostAcksPerCall);
  }

  #track(work: Promise<void>): void {
    this.#underway.add(work);
    void work.finally(() => this.#underway.delete(work));
  }

  async #pauseAfter(error: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.context.onError(error);
    await sleep(this.context.clock, pauseAfterErrorMs, this.#stopping.signal);
  }
}
