import type { Broker, BrokerQueue, Consumer, Delivery, Disposition } from '@millrace/broker';
import { decodeTaskMessage, type TaskMessage } from '@millrace/contracts';
import { messageOf, MillraceError, type Slots } from '@millrace/kernel';
import type { EventBus, Log, Metrics } from '@millrace/telemetry';
import type { Execution, Executor } from './executor.js';
import { receivedActivity } from './task-activity.js';

export interface WorkerOptions {
  readonly queues: readonly BrokerQueue[];
  /** The slots that a queue's messages are taken into. */
  slotsOf(queue: string): Slots;
  /** Picks who carries out a message. */
  executorFor(message: TaskMessage): Executor;
}

/** Takes messages from its queues into free slots and has them carried out. */
export class Worker {
  readonly #consumers = new Map<string, { readonly queue: BrokerQueue; readonly consumer: Consumer }>();
  readonly #cold = new AbortController();
  #draining = false;
  #inHand = 0;

  constructor(
    private readonly broker: Broker,
    private readonly options: WorkerOptions,
    private readonly deps: { readonly log: Log; readonly metrics: Metrics; readonly events?: EventBus },
  ) {}

  /** Deliveries that were handed over and not yet answered. */
  get inHand(): number {
    return this.#inHand;
  }

  /** The queues it takes messages from. */
  get queues(): readonly BrokerQueue[] {
    return Array.from(this.#consumers.values(), ({ queue }) => queue);
  }

  async start(): Promise<void> {
    await Promise.all(this.options.queues.map((queue) => this.serve(queue)));
  }

  /** Takes messages from one more queue, which the broker must know; resolves when they can arrive. */
  async serve(queue: BrokerQueue): Promise<void> {
    if (this.#draining || this.#consumers.has(queue.name)) return;
    const consumer = this.broker.consume({ queue, slots: this.options.slotsOf(queue.name) }, (delivery) => this.#handle(delivery));
    this.#consumers.set(queue.name, { queue, consumer });
    await consumer.ready();
  }

  /** Takes nothing more from a queue; resolves when what was begun of it has ended, with whether it was served. */
  async leave(queue: string): Promise<boolean> {
    const served = this.#consumers.get(queue);
    this.#consumers.delete(queue);
    await served?.consumer.stop();
    return served !== undefined;
  }

  /** Warm stop: takes nothing more and resolves when what was begun has ended. */
  async stop(): Promise<void> {
    this.#draining = true;
    await Promise.all(Array.from(this.#consumers.values(), ({ consumer }) => consumer.stop()));
  }

  /** Cold stop: handlers at work are told to give up; their messages are delivered again elsewhere. */
  abort(): void {
    this.#cold.abort();
  }

  async #handle(delivery: Delivery): Promise<Disposition> {
    const { metrics, events } = this.deps;
    const active = { queue: delivery.queue };
    metrics.active.inc(active);
    this.#inHand++;
    const disposition = await this.#carryOut(delivery);
    metrics.active.dec(active);
    this.#inHand--;
    if (events?.enabled && disposition.kind === 'reject') events.publish({ type: 'task.rejected', queue: delivery.queue, reason: disposition.reason });
    return disposition;
  }

  async #carryOut(delivery: Delivery): Promise<Disposition> {
    const { log, events } = this.deps;
    try {
      const message = decodeTaskMessage(delivery.body);
      if (events?.enabled) events.publish(receivedActivity(message, delivery));
      return await this.options.executorFor(message).execute(message, this.#executionOf(delivery));
    } catch (err) {
      if (MillraceError.is(err, 'MILLRACE_MESSAGE_MALFORMED')) return { kind: 'reject', reason: err.message };
      log.error({ queue: delivery.queue, deliveryCount: delivery.deliveryCount, reason: messageOf(err), err }, 'message not carried out');
      return { kind: 'release', delayMs: 1_000 };
    }
  }

  #executionOf(delivery: Delivery): Execution {
    const { slotsOf } = this.options;
    const slots = slotsOf(delivery.queue);
    const serves = (queue: string) => !this.#draining && this.#consumers.has(queue) && slotsOf(queue) === slots;
    return { queue: delivery.queue, lease: delivery.lease, stopped: this.#cold.signal, slots, serves };
  }
}
