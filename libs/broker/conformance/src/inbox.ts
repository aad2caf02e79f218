import type { Delivery, DeliveryHandler, Disposition } from '@millrace/broker';
import { vi } from 'vitest';
import { patienceMs } from './stage.js';

export const ack: Disposition = { kind: 'ack' };
export const release = (delayMs: number): Disposition => ({ kind: 'release', delayMs });
export const reject: Disposition = { kind: 'reject', reason: 'the test says so' };

/** Collects deliveries and answers each. */
export class Inbox {
  readonly deliveries: Delivery[] = [];
  /** The most handlers that ran at once. */
  mostAtOnce = 0;
  #running = 0;
  readonly #answer: DeliveryHandler;

  constructor(answer: DeliveryHandler = () => Promise.resolve(ack)) {
    this.#answer = answer;
  }

  readonly handle: DeliveryHandler = async (delivery) => {
    this.deliveries.push(delivery);
    this.#running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#running);
    try {
      return await this.#answer(delivery);
    } finally {
      this.#running -= 1;
    }
  };

  get bodies(): string[] {
    return this.deliveries.map(({ body }) => body);
  }

  get counts(): number[] {
    return this.deliveries.map(({ deliveryCount }) => deliveryCount);
  }

  /** Waits until at least `count` deliveries have come. */
  async holds(count: number): Promise<void> {
    await vi.waitUntil(() => this.deliveries.length >= count, { timeout: patienceMs, interval: 10 });
  }

  /** Waits until a delivery of this body has come. */
  async has(body: string): Promise<void> {
    await vi.waitUntil(() => this.bodies.includes(body), { timeout: patienceMs, interval: 10 });
  }
}

/** A promise that a test resolves when it is time. */
export class Gate<T = void> {
  readonly opened: Promise<T>;
  readonly open: (value: T) => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<T>();
    this.opened = promise;
    this.open = resolve;
  }
}

/** Resolves when the lease of `delivery` is lost. */
export function leaseLost({ lease }: Delivery): Promise<void> {
  return new Promise((resolve) => {
    if (lease.lost.aborted) resolve();
    else lease.lost.addEventListener('abort', () => resolve(), { once: true });
  });
}
