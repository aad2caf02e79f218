import type { Broker, BrokerQueue, Consumer, Delivery, Disposition } from '@millrace/broker';
import { decodeTaskMessage, type TaskMessage } from '@millrace/contracts';
import { messageOf, MillraceError, type Slots } from '@millrace/kernel';
import type { Log, Metrics } from '@millrace/telemetry';
import type { Execution, Executor } from './executor.js';

export interface WorkerOptions {
  readonly queues: readonly BrokerQueue[];
  readonly slots: Slots;
  /** Picks who carries out a message. */
  executorFor(message: TaskMessage): Executor;
}

/** Takes messages from its queues into free slots and has them carried out. */
export class Worker {
  readonly #consumers: Consumer[] = [];
  readonly #cold = new AbortController();
  readonly #served: ReadonlySet<string>;
  #draining = false;

  constructor(
    private readonly broker: Broker,
    private readonly options: WorkerOptions,
    private readonly deps: { readonly log: Log; readonly metrics: Metrics },
  ) {
    this.#served = new Set(options.queues.map((queue) => queue.name));
  }

  async start(): Promise<void> {
    const { queues, slots } = this.options;
    for (const queue of queues) this.#consumers.push(this.broker.consume({ queue, slots }, (delivery) => this.#handle(delivery)));
    await Promise.all(this.#consumers.map((consumer) => consumer.ready()));
  }

  /** Warm stop: takes nothing more and resolves when what was begun has ended. */
  async stop(): Promise<void> {
    this.#draining = true;
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
  }

  /** Cold stop: handlers at work are told to give up; their messages are delivered again elsewhere. */
  abort(): void {
    this.#cold.abort();
  }

  async #handle(delivery: Delivery): Promise<Disposition> {
    const { metrics, log } = this.deps;
    const active = { queue: delivery.queue };
    metrics.active.inc(active);
    try {
      const message = decodeTaskMessage(delivery.body);
      return await this.options.executorFor(message).execute(message, this.#executionOf(delivery));
    } catch (err) {
      if (MillraceError.is(err, 'MILLRACE_MESSAGE_MALFORMED')) return { kind: 'reject', reason: err.message };
      log.error({ queue: delivery.queue, deliveryCount: delivery.deliveryCount, reason: messageOf(err), err }, 'message not carried out');
      return { kind: 'release', delayMs: 1_000 };
    } finally {
      metrics.active.dec(active);
    }
  }

  #executionOf(delivery: Delivery): Execution {
    const { slots } = this.options;
    return { lease: delivery.lease, stopped: this.#cold.signal, slots, serves: (queue) => !this.#draining && this.#served.has(queue) };
  }
}
