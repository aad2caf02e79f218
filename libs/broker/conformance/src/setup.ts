import type { Broker, BrokerUpkeep } from '@millrace/broker';

/** One broker as one process would have it. */
export interface BrokerUnderTest {
  readonly broker: Broker & BrokerUpkeep;
  /** Frees what `create` took, `broker` included. Called after every test, also when the test has closed the broker itself. */
  close(): Promise<void>;
}

/** What the suite needs to know to exercise an adapter. */
export interface BrokerSetup {
  /**
   * A new broker on the service that all brokers of this suite share. Its `close` while a handler still runs stands for
   * a killed process: it resolves without waiting for the handler, and no extension or disposition of that handler
   * reaches the service any more.
   */
  create(): Promise<BrokerUnderTest>;
  /** A broker on an address where nothing listens. */
  createUnreachable(): Promise<BrokerUnderTest>;
  /** A queue name that was not used before. */
  queueName(): string;
  /** The lease of the queues under test, in milliseconds: as short as the service allows, as the suite waits for it to run out. */
  readonly leaseMs: number;
}
