import type { OutgoingMessage } from '@millrace/broker';
import { decodeTaskMessage, encodeTaskMessage, type TaskMessage } from '@millrace/contracts';
import { callbackTask } from '@millrace/engine';
import type { RunRecord } from '@millrace/run-store';
import { router } from '../workload/product.js';
import type { Change } from '../ports/run-server.js';
import { mostSkewMs } from '../world/host.js';
import type { Facts } from './facts.js';
import type { Oracle } from './oracle.js';

/** What became of a process's claim of a step. */
interface Claim {
  readonly at: number;
  /** Refused, as the step was settled. */
  readonly refused: boolean;
  /** The step was not to be run. */
  readonly idle: boolean;
}

/** Clocks are off. */
const skewMs = mostSkewMs + 10;

/** Watches what is sent and what is let go: I8 and W1. */
export class Messages {
  /** When a process last tried to send a hint of a run, or to settle what follows. */
  readonly #sent = new Map<string, number>();
  readonly #claims = new Map<string, Claim[]>();
  /** When a process last read a run's record, and whether it was too early then for a callback. */
  readonly #read = new Map<string, { readonly at: number; readonly early: boolean }>();
  /** When a process last wrote that a step was snoozed. */
  readonly #snoozed = new Map<string, number>();
  readonly #bodies = new Map<string, TaskMessage>();

  constructor(
    private readonly facts: Facts,
    private readonly oracle: Pick<Oracle, 'isIdle' | 'isOver'>,
  ) {}

  changed({ run, by, operation, before, after, reply }: Change): void {
    if (operation.name === 'settle' || operation.name === 'finish') this.#sent.set(`${by} ${run}`, this.facts.world.elapsed);
    if (operation.name === 'read' && after) this.#read.set(`${by} ${run}`, { at: this.facts.world.elapsed, early: this.#isEarly(after) });
    const step = stepOf(operation.args[1]);
    if (operation.name === 'snooze' && after !== before) this.#snoozed.set(`${by} ${run} ${step}`, this.facts.world.elapsed);
    if (operation.name !== 'claim' || !after) return;
    const refused = typeof reply === 'object' && reply !== null && 'applied' in reply && reply.applied === false;
    const key = `${by} ${run} ${step}`;
    const claims = this.#claims.get(key) ?? [];
    this.#claims.set(key, claims);
    claims.push({ at: this.facts.world.elapsed, refused: refused && before === after && isOpen(after), idle: this.oracle.isIdle(after, step) });
  }

  publishing(by: string, bodies: readonly string[]): void {
    for (const body of bodies) {
      const message = decodeTaskMessage(body);
      this.#sent.set(`${by} ${message.run}`, this.facts.world.elapsed);
      this.#bodies.set(`${message.run} ${message.task}`, message);
    }
  }

  stale(): readonly OutgoingMessage[] {
    return [...this.#bodies.values()].map((message) => ({
      queue: router.queueOf(message.task),
      id: `${message.run}-${message.step}-stale`,
      body: encodeTaskMessage(message),
    }));
  }

  /** A message is about to be removed. One for members may go once it has been divided. */
  removing(by: string, body: string, takenAt: number): void {
    const message = decodeTaskMessage(body);
    const record = this.facts.record(message.run);
    if (!record || message.members || this.facts.rolledBackAt >= takenAt) return;
    // of two deliveries of one message, the claim may be the other one's: so nobody is blamed who did not err
    const key = `${by} ${message.run} ${message.step}`;
    const claim = this.#claims.get(key)?.find(({ at }) => at >= takenAt);
    const isSnoozed = (this.#snoozed.get(key) ?? -Infinity) >= takenAt;
    this.facts.expect(isSnoozed || this.#isWritten(record, message, claim) || this.#wasEarly(by, message, takenAt), 'I8', `the message for ${message.step} of ${message.run} was removed before its state was written`);
    if (claim?.refused && isOpen(record)) this.#sentAgain(by, message, claim.at);
  }

  #isWritten(record: RunRecord, { step, task }: TaskMessage, claim: Claim | undefined): boolean {
    if (task === callbackTask) return !isOpen(record) && record.status !== 'finalizing';
    const isLate = this.facts.world.time + skewMs >= record.finaliseAt;
    if (!isOpen(record) || isLate || record.steps[step]?.settlement) return true;
    return claim?.idle === true || this.oracle.isIdle(record, step);
  }

  /** A callback may be called for too early by a message older than a failover, or by a fast clock. */
  #wasEarly(by: string, { run, task }: TaskMessage, takenAt: number): boolean {
    const read = this.#read.get(`${by} ${run}`);
    return task === callbackTask && read !== undefined && read.early && read.at >= takenAt;
  }

  #isEarly(record: RunRecord): boolean {
    return isOpen(record) && this.facts.world.time < record.finaliseAt && !this.oracle.isOver(record);
  }

  #sentAgain(by: string, { run, step }: TaskMessage, refusedAt: number): void {
    const sentAt = this.#sent.get(`${by} ${run}`) ?? -Infinity;
    this.facts.expect(sentAt >= refusedAt, 'W1', `a duplicate for ${step} of ${run} was removed, and what follows was not sent again`);
  }
}

const isOpen = (record: RunRecord): boolean => record.status === 'received' || record.status === 'running';

const stepOf = (at: unknown): string => (typeof at === 'object' && at !== null && 'step' in at ? String(at.step) : '');
