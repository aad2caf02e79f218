import { type RunRecord, terminalStatuses } from '@millrace/run-store';
import type { Post } from '../ports/receiver.js';
import type { Ingestion } from '../workload/ingestion.js';
import type { Facts } from './facts.js';

/** What must hold once nothing goes wrong any more and everything has come to rest: I1, I2, I11, I12. */
export class Endings {
  constructor(private readonly facts: Facts) {}

  check(posts: readonly Post[], messagesLeft: number): void {
    for (const [run, ingestion] of this.facts.acknowledged) this.#acknowledged(run, ingestion, posts);
    for (const [run, { status }] of this.facts.servers.records) {
      this.facts.expect(terminalStatuses.has(status), 'I11', `nothing moves any more, and ${run} is ${status}`);
    }
    this.facts.expect(messagesLeft === 0, 'I11', `${messagesLeft} messages are left`);
  }

  /** No part of a payload lies where only ids may be. */
  secrecy(text: string): void {
    for (const { payload, key } of this.facts.ingestions) this.facts.expect(!text.includes(payload.slice(0, 24)), 'I12', `the data of ${key} is in plain sight`);
  }

  #acknowledged(run: string, { cancelAfterMs }: Ingestion, posts: readonly Post[]): void {
    const record = this.facts.record(run);
    if (!record) return this.facts.violate('I1', `${run} was acknowledged and is not on record`);
    this.facts.expect(terminalStatuses.has(record.status), 'I2', `${run} was acknowledged and is ${record.status}`);
    if (record.status === 'cancelled') return this.facts.expect(cancelAfterMs !== undefined, 'I2', `${run} was cancelled by nobody`);
    if (record.callback) return this.#delivered(record, posts.filter((post) => post.run === run));
    return this.facts.expect(record.status === 'finished', 'I2', `${run} has no callback and is ${record.status}`);
  }

  #delivered({ id, status }: RunRecord, posts: readonly Post[]): void {
    const taken = posts.some((post) => post.status < 300);
    this.facts.expect(status !== 'delivered' || taken, 'I2', `${id} is delivered, but nobody took it`);
    this.facts.expect(status !== 'exhausted' || posts.length > 0, 'I2', `${id} is exhausted without an attempt`);
    this.facts.expect(status !== 'finished', 'I2', `${id} has a callback and is ${status}`);
  }
}
