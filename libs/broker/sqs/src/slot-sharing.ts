import type { Slots } from '@millrace/kernel';
import type { HangUp } from './hang-up.js';

const longPollSeconds = 20;
const shortPollSeconds = 1;
const mostPerReceive = 10;

/**
 * What the consumers that share one `Slots` owe each other. A receive holds slots while it waits, and on an empty queue
 * it waits long: so each reserves no more than its share until its queue proves busy, and a consumer that would have no
 * slot at all gets its turn at once.
 */
export class SlotSharing {
  readonly #slots: Slots;
  readonly #longPolls = new Set<HangUp>();
  #sharers = 0;
  #waiting = 0;

  constructor(slots: Slots) {
    this.#slots = slots;
  }

  join(): void {
    this.#sharers += 1;
  }

  leave(): void {
    this.#sharers -= 1;
  }

  /** Slots for one receive, 0 when `signal` aborts. */
  async take(queueIsBusy: boolean, signal: AbortSignal): Promise<number> {
    const share = queueIsBusy ? this.#slots.size : Math.max(1, Math.min(this.#slots.own, Math.floor(this.#slots.size / this.#sharers)));
    const most = Math.min(mostPerReceive, share);
    if (this.#slots.free > 0) return await this.#slots.take(most, signal);
    this.#waiting += 1;
    return await this.#slots.take(most, signal).finally(() => (this.#waiting -= 1));
  }

  /** Runs a receive that may wait; for a short time only, or until hung up on, when another consumer has no slot at all. */
  async poll<T>(hangUp: HangUp, receive: (waitSeconds: number) => Promise<T>): Promise<T> {
    if (this.#waiting > 0) return await receive(shortPollSeconds);
    this.#longPolls.add(hangUp);
    return await receive(longPollSeconds).finally(() => this.#longPolls.delete(hangUp));
  }

  /** Makes room for a consumer that runs nothing and polls nothing. */
  preempt(): void {
    if (this.#slots.free > 0) return;
    const [longest] = this.#longPolls;
    longest?.soon();
  }
}
