import { type Broker, type BrokerCapabilities, brokerErrors, type ConsumeOptions, type Consumer, type DeliveryHandler, type Disposition, type Lease } from '@millrace/broker';
import type { Life } from '../world/life.js';
import type { Network } from '../world/network.js';
import type { BrokerServer, Handed } from './broker-server.js';

/** What one process needs to reach the broker. */
interface Reach {
  readonly network: Network;
  readonly life: Life;
  readonly server: BrokerServer;
}

/** The broker as one process reaches it. */
export function brokerOver(network: Network, life: Life, server: BrokerServer): Broker {
  const reach = { network, life, server };
  const capabilities: BrokerCapabilities = { maxDelayMs: 900_000, maxBytes: 262_144, deduplicates: server.deduplicates, exactDepth: true, priorities: false, groupsTakeTurns: false };
  return {
    capabilities,
    publish: async (messages) => {
      const what = `publish ${messages.map(({ id, delayMs = 0 }) => (delayMs > 0 ? `${id} in ${delayMs} ms` : id)).join(', ')}`;
      if (life.alive) server.events.publishing(life.name, messages.map(({ body }) => body));
      await request(reach, what, async () => server.publish(messages));
      return [];
    },
    consume: (options, handle) => new SimConsumer(reach, options, handle),
    depth: async () => ({ waiting: server.size, delayed: 0, inFlight: 0, dead: 0 }),
    prepare: async () => undefined,
    ping: async () => undefined,
    close: async () => undefined,
  };
}

const request = <T>({ network, life }: Reach, what: string, effect: () => Promise<T>): Promise<T> =>
  network.call({ life, what, effect, lost: () => brokerErrors.error('MILLRACE_BROKER_UNAVAILABLE', 'the simulated broker did not answer') });

/** Polls while slots are free. A failed receive is tried again; what it had taken comes back when its lease runs out. */
class SimConsumer implements Consumer {
  #stopped = false;

  constructor(
    private readonly reach: Reach,
    private readonly options: ConsumeOptions,
    private readonly handle: DeliveryHandler,
  ) {
    void this.#poll();
  }

  async ready(): Promise<void> {}

  async stop(): Promise<void> {
    this.#stopped = true;
  }

  async #poll(): Promise<void> {
    const { queue, slots } = this.options;
    while (!this.#stopped) {
      await slots.take(1);
      const handed = await this.#receive().catch(() => undefined);
      if (handed) void this.#deliver(handed, queue.leaseMs).finally(() => slots.give());
      else slots.give();
    }
  }

  #receive(): Promise<Handed> {
    const { server, life } = this.reach;
    const { name } = this.options.queue;
    const isOpen = (): boolean => life.alive && !this.#stopped;
    return request(this.reach, `receive ${name}`, () => new Promise((resolve) => server.receive(name, isOpen, resolve)));
  }

  async #deliver({ held, receipt }: Handed, leaseMs: number): Promise<void> {
    const lease = new SimLease(this.reach, receipt, leaseMs);
    this.reach.network.note(this.reach.life, `takes ${held.id}, delivery ${held.deliveries}`);
    const disposition = await this.handle({ queue: held.queue, body: held.body, deliveryCount: held.deliveries, lease });
    const isLost = lease.lost.aborted;
    lease.end();
    if (!isLost) await this.#apply(disposition, receipt, held.id).catch(() => undefined);
  }

  #apply(disposition: Disposition, receipt: number, id: string): Promise<void> {
    const { server } = this.reach;
    const effect = async (): Promise<void> => {
      if (disposition.kind === 'ack') server.remove(receipt, this.reach.life.name);
      else if (disposition.kind === 'release') server.release(receipt, disposition.delayMs);
      else server.bury(receipt, this.reach.life.name);
    };
    return request(this.reach, `${disposition.kind} ${id}`, effect);
  }
}

class SimLease implements Lease {
  readonly #lost = new AbortController();
  #cancel: () => void;

  constructor(
    private readonly reach: Reach,
    private readonly receipt: number,
    private readonly leaseMs: number,
  ) {
    this.#cancel = this.#runOut();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async extend(): Promise<boolean> {
    if (this.lost.aborted) return false;
    const { server } = this.reach;
    const isOurs = await request(this.reach, `extend ${this.receipt}`, async () => server.extend(this.receipt));
    this.end();
    if (isOurs) this.#cancel = this.#runOut();
    else this.#lost.abort();
    return isOurs;
  }

  end(): void {
    this.#cancel();
  }

  #runOut(): () => void {
    return this.reach.life.clock.after(this.leaseMs, () => this.#lost.abort());
  }
}
