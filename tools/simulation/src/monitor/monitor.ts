import type { OutgoingMessage } from '@millrace/broker';
import type { ClientEvents } from '../cluster/client.js';
import type { Ingestion } from '../workload/ingestion.js';
import type { BrokerServer } from '../ports/broker-server.js';
import type { Post } from '../ports/receiver.js';
import type { Change } from '../ports/run-server.js';
import { Callbacks } from './callbacks.js';
import { Endings } from './endings.js';
import type { Facts, Violation } from './facts.js';
import { Messages } from './messages.js';
import type { Oracle } from './oracle.js';
import { Transitions } from './transitions.js';

/** Watches a simulation from outside and tells which invariants do not hold. */
export class Monitor implements ClientEvents {
  readonly #transitions: Transitions;
  readonly #messages: Messages;
  readonly #callbacks: Callbacks;
  readonly #endings: Endings;

  constructor(
    private readonly facts: Facts,
    private readonly oracle: Oracle,
  ) {
    this.#transitions = new Transitions(facts, oracle);
    this.#messages = new Messages(facts, oracle);
    this.#callbacks = new Callbacks(facts);
    this.#endings = new Endings(facts);
  }

  get violations(): readonly Violation[] {
    return this.facts.violations;
  }

  async changed(change: Change): Promise<void> {
    this.#messages.changed(change);
    this.#callbacks.changed(change);
    this.oracle.changed(change);
    await this.#transitions.changed(change);
  }

  rolledBack(): void {
    this.facts.rolledBackAt = this.facts.world.elapsed;
    this.#callbacks.rolledBack();
  }

  /** Messages of every run that was seen, one of each kind. */
  stale(): readonly OutgoingMessage[] {
    return this.#messages.stale();
  }

  publishing(by: string, bodies: readonly string[]): void {
    this.#messages.publishing(by, bodies);
  }

  removing(by: string, body: string, takenAt: number): void {
    this.#messages.removing(by, body, takenAt);
  }

  posted(post: Post): void {
    this.#callbacks.posted(post);
  }

  accepted({ key, id }: Ingestion, run: string, since: number): void {
    const isKnown = this.facts.record(run) !== undefined || this.facts.rolledBackAt >= since;
    this.facts.expect(isKnown, 'I1', `${key} is answered 202, and ${run} is not on record`);
    this.facts.expect(id === undefined || id === run, 'I1', `${key} asked for ${id} and got ${run}`);
  }

  acknowledged(ingestion: Ingestion, run: string): void {
    this.facts.acknowledged.set(run, ingestion);
  }

  refused({ key }: Ingestion, why: string): void {
    this.facts.violate('I1', `${key} was refused: ${why}`);
  }

  /** Everything has come to rest. */
  async atRest(posts: readonly Post[], { size, bodies }: Pick<BrokerServer, 'size' | 'bodies'>): Promise<void> {
    this.#endings.check(posts, size);
    this.#endings.secrecy([...bodies, ...[...this.facts.servers.records.values()].map((record) => JSON.stringify(record))].join('\n'));
    await this.oracle.atRest(posts);
  }

  /** Records have expired, stale messages have come and the journal was read again: nothing of it may come back. */
  afterExpiry({ size }: Pick<BrokerServer, 'size'>): void {
    this.facts.expect(size === 0, 'I9', `${size} messages of runs that have expired are left`);
    for (const run of this.facts.servers.records.keys()) this.facts.violate('I9', `${run} has expired and is on record again`);
  }
}
