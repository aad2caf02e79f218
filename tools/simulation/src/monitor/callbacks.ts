import type { DeliveryRecord } from '@millrace/run-store';
import type { Post } from '../ports/receiver.js';
import type { Change } from '../ports/run-server.js';
import type { Facts } from './facts.js';

/** What is taken down of a run's callbacks. */
interface Seen {
  readonly webhookIds: Set<string>;
  readonly bodies: Set<string>;
  readonly attempts: Set<string>;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
/** After an attempt that failed, by its number. */
const waits: readonly number[] = [0, 5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];

/** Watches what reaches receivers: I3, I6, and I10 (one request for each attempt that was begun, the schedule). */
export class Callbacks {
  readonly #seen = new Map<string, Seen>();
  /** Counts failovers: after one, an attempt's number may come again. */
  #age = 0;
  /** In which age a process began an attempt. */
  readonly #begun = new Map<string, number>();

  constructor(private readonly facts: Facts) {}

  rolledBack(): void {
    this.#age += 1;
  }

  posted({ by, run, url, webhookId, attempt, sha256 }: Post): void {
    const record = this.facts.record(run);
    const ingestion = this.facts.ingestions.find(({ callbackUrl }) => callbackUrl === url);
    this.facts.expect(ingestion !== undefined && (ingestion.id === undefined || ingestion.id === run), 'I6', `the callback of ${run} went to ${url}`);
    this.facts.expect(record !== undefined || this.#age > 0, 'I6', `there was a callback of ${run}, which is not on record`);
    const seen = this.#seen.get(run) ?? { webhookIds: new Set(), bodies: new Set(), attempts: new Set() };
    this.#seen.set(run, seen);
    const attemptOfAge = `${this.#begun.get(`${by} ${run} ${attempt}`) ?? this.#age}/${attempt}`;
    this.facts.expect(!seen.attempts.has(attemptOfAge), 'I10', `attempt ${attempt} of ${run} was made twice`);
    this.facts.expect(seen.webhookIds.add(webhookId).size === 1, 'I3', `callbacks of ${run} have ${[...seen.webhookIds].join(' and ')} for webhook-id`);
    this.facts.expect(seen.bodies.add(sha256).size === 1, 'I3', `callbacks of ${run} have different bodies`);
    seen.attempts.add(attemptOfAge);
  }

  changed({ run, by, operation, before, after }: Change): void {
    if (before === after || !after?.delivery) return;
    if (operation.name === 'beginDelivery') this.#begun.set(`${by} ${run} ${after.delivery.attempts}`, this.#age);
    if (operation.name === 'endDelivery') this.#ended(run, after.delivery);
  }

  #ended(run: string, { attempts, nextAt }: DeliveryRecord): void {
    if (nextAt === undefined) return;
    const wait = nextAt - this.facts.world.time;
    const expected = waits[attempts] ?? 0;
    const fits = wait >= expected * 0.8 - 3 * second && wait <= expected * 1.2 + second;
    this.facts.expect(fits, 'I10', `attempt ${attempts + 1} of ${run} is to be made in ${wait} ms`);
  }
}
