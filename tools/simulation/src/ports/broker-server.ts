import { type BrokerQueue, type OutgoingMessage } from '@millrace/broker';
import type { Faults } from '../world/faults.js';
import type { World } from '../world/world.js';

/** A message as the simulated broker holds it. */
export interface Held {
  readonly queue: string;
  readonly id: string;
  readonly body: string;
  /** When it may be delivered, in milliseconds since the simulation began. */
  readonly visibleAt: number;
  readonly deliveries: number;
  /** The number of the delivery that has it; 0 for none. */
  readonly receipt: number;
  /** When it was last handed over, in milliseconds since the simulation began. */
  readonly takenAt: number;
}

/** One handing-over: which message, and by which receipt it can be extended, released or removed. */
export interface Handed {
  readonly held: Held;
  readonly receipt: number;
}

interface Waiter {
  readonly isOpen: () => boolean;
  readonly take: (handed: Handed) => void;
}

/** Who is told of what processes do with messages. */
export interface BrokerEvents {
  /** A process is about to send. */
  publishing(by: string, bodies: readonly string[]): void;
  /** A message is about to be removed; `takenAt`: when the process that removes it got it. */
  removing(by: string, body: string, takenAt: number): void;
}

/** Queues with leases, redelivery, delays and dead letters; now and then a message comes twice or early. */
export class BrokerServer {
  #held = new Map<number, Held>();
  readonly #waiting = new Map<string, Waiter[]>();
  #dead: Held[] = [];
  #key = 0;
  #receipts = 0;

  /** `deduplicates`: whether a second message of an id that is there is dropped. */
  constructor(
    private readonly world: World,
    private readonly faults: Faults,
    private readonly options: { readonly queues: readonly BrokerQueue[]; readonly deduplicates: boolean; readonly events: BrokerEvents },
  ) {}

  get size(): number {
    return this.#held.size;
  }

  /** All that is there, dead letters too. */
  get bodies(): readonly string[] {
    return [...this.#held.values(), ...this.#dead].map(({ body }) => body);
  }

  get events(): BrokerEvents {
    return this.options.events;
  }

  get deduplicates(): boolean {
    return this.options.deduplicates;
  }

  publish(messages: readonly OutgoingMessage[]): void {
    for (const message of messages) {
      if (this.deduplicates && [...this.#held.values()].some(({ id }) => id === message.id)) continue;
      this.#store(message, message.delayMs ?? 0);
      if (this.faults.isDoubled()) this.#store(message, this.world.between(0, 500));
    }
  }

  /** Calls `take` with a message as soon as there is one for a receiver that is still open. */
  receive(queue: string, isOpen: () => boolean, take: (handed: Handed) => void): void {
    const waiting = this.#waiting.get(queue) ?? [];
    this.#waiting.set(queue, waiting);
    waiting.push({ isOpen, take });
    this.#handOut(queue);
  }

  /** False when the receipt is not the message's last one any more. */
  extend(receipt: number): boolean {
    const found = this.#find(receipt);
    if (found) this.#hide(found, { ...found.held, visibleAt: this.world.elapsed + this.#leaseMs(found.held.queue) });
    return found !== undefined;
  }

  remove(receipt: number, by: string): void {
    const found = this.#find(receipt);
    if (!found) return;
    this.events.removing(by, found.held.body, found.held.takenAt);
    this.#held.delete(found.key);
  }

  release(receipt: number, delayMs: number): void {
    const found = this.#find(receipt);
    if (found) this.#hide(found, { ...found.held, receipt: 0, visibleAt: this.world.elapsed + this.faults.hidden(delayMs) });
  }

  bury(receipt: number, by: string): void {
    const found = this.#find(receipt);
    if (!found) return;
    this.events.removing(by, found.held.body, found.held.takenAt);
    this.#held.delete(found.key);
    this.#dead.push(found.held);
  }

  purge(): void {
    this.#held.clear();
  }

  snapshot(): () => void {
    const held = new Map(this.#held);
    return () => {
      this.#held = new Map(held);
      for (const [key, message] of held) this.#wakeFor(key, message);
    };
  }

  #store({ queue, id, body }: OutgoingMessage, delayMs: number): void {
    const held = { queue, id, body, visibleAt: this.world.elapsed + (delayMs > 0 ? this.faults.hidden(delayMs) : 0), deliveries: 0, receipt: 0, takenAt: 0 };
    this.#hide({ key: ++this.#key }, held);
  }

  #hide({ key }: { readonly key: number }, held: Held): void {
    this.#held.set(key, held);
    this.#wakeFor(key, held);
  }

  #wakeFor(key: number, held: Held): void {
    this.world.after(held.visibleAt - this.world.elapsed, () => {
      if (this.#held.get(key) === held) this.#handOut(held.queue);
    });
  }

  #find(receipt: number): { readonly key: number; readonly held: Held } | undefined {
    for (const [key, held] of this.#held) if (held.receipt === receipt) return { key, held };
    return undefined;
  }

  #leaseMs(queue: string): number {
    return this.options.queues.find(({ name }) => name === queue)?.leaseMs ?? 0;
  }

  #handOut(queue: string): void {
    const waiting = this.#waiting.get(queue) ?? [];
    const visible = [...this.#held].filter(([, held]) => held.queue === queue && held.visibleAt <= this.world.elapsed);
    while (waiting.length > 0 && visible.length > 0) {
      const [waiter] = waiting.splice(Math.floor(this.world.random.next() * waiting.length), 1);
      if (!waiter?.isOpen()) continue;
      const [entry] = visible.splice(Math.floor(this.world.random.next() * visible.length), 1);
      if (entry) this.#hand(entry[0], entry[1], waiter);
    }
  }

  #hand(key: number, held: Held, waiter: Waiter): void {
    const { queue } = held;
    const deliveries = held.deliveries + 1;
    const most = this.options.queues.find(({ name }) => name === queue)?.maxDeliveries ?? Infinity;
    if (deliveries > most) {
      this.#held.delete(key);
      this.#dead.push(held);
      return waiter.isOpen() ? this.receive(queue, waiter.isOpen, waiter.take) : undefined;
    }
    const receipt = ++this.#receipts;
    const visibleAt = this.world.elapsed + this.faults.hidden(this.#leaseMs(queue));
    const handed = { ...held, deliveries, receipt, visibleAt, takenAt: this.world.elapsed };
    this.#hide({ key }, handed);
    return waiter.take({ held: handed, receipt });
  }
}
