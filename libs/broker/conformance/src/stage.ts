import type { Broker, BrokerQueue, Consumer, ConsumeOptions, DeliveryHandler, OutgoingMessage } from '@millrace/broker';
import { Slots } from '@millrace/kernel';
import { test } from 'vitest';
import type { BrokerSetup, BrokerUnderTest } from './setup.js';

export type StagedBroker = BrokerUnderTest['broker'];

export const testTimeoutMs = 90_000;
/** How long a test waits for something that is to happen; only ever reached by a failing test. */
export const patienceMs = 60_000;

let lastId = 0;

/** A message whose id was not used before. */
export function message(queue: BrokerQueue, body: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  lastId += 1;
  return { queue: queue.name, body, id: `m${process.pid}-${lastId}`, ...more };
}

export const bodies = (count: number, prefix = 'message'): string[] => Array.from({ length: count }, (_, i) => `${prefix} ${i}`);

/** The brokers and queues of one test. */
export class Stage {
  readonly #setup: BrokerSetup;
  readonly #queues: BrokerQueue[] = [];
  readonly #opened: BrokerUnderTest[] = [];

  constructor(setup: BrokerSetup) {
    this.#setup = setup;
  }

  /** A queue that the brokers made after it know. */
  queue(more: Partial<BrokerQueue> = {}): BrokerQueue {
    const queue = { name: this.#setup.queueName(), leaseMs: this.#setup.leaseMs, maxDeliveries: 20, ...more };
    this.#queues.push(queue);
    return queue;
  }

  /** A broker of its own, as another process would have it, with all queues prepared. */
  async broker(): Promise<StagedBroker> {
    const broker = await this.#open(this.#setup.create());
    await broker.prepare(this.#queues);
    return broker;
  }

  unreachableBroker(): Promise<StagedBroker> {
    return this.#open(this.#setup.createUnreachable());
  }

  /** A consumer that is ready; ten slots of its own unless told otherwise. */
  async consume(broker: Broker, queue: BrokerQueue, handle: DeliveryHandler, slots: ConsumeOptions['slots'] = new Slots(10)): Promise<Consumer> {
    const consumer = broker.consume({ queue, slots }, handle);
    await consumer.ready();
    return consumer;
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map(({ close }) => close()));
  }

  async #open(opening: Promise<BrokerUnderTest>): Promise<StagedBroker> {
    const opened = await opening;
    this.#opened.push(opened);
    return opened.broker;
  }
}

/** `test` whose cases get a stage, closed when they end. Cases wait most of their time, so they run side by side. */
export function stagedTest(setup: BrokerSetup) {
  return test.extend<{ stage: Stage }>({
    stage: async ({ onTestFinished }, use) => {
      const stage = new Stage(setup);
      onTestFinished(() => stage.close());
      await use(stage);
    },
  });
}
