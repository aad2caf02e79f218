import type { DeadLetter, DeadLetterPage, DeadLetters } from '@millrace/broker';
import type { Clock } from '@millrace/kernel';
import type { Redis } from 'ioredis';
import { bullmqPriority } from './publisher.js';
import { queuePrefix } from './queue-keys.js';

/** A script that ran longer would hold up every other client of Redis. */
const mostPerCall = 256;

/** As scripts/dead-letters.lua reads them. */
const letterFields = ['data', 'failedReason', 'timestamp', 'deliveries', 'priority', 'group'] as const;

type Ask = <T>(question: (client: Redis) => Promise<T>) => Promise<T>;

/** Dead letters as BullMQ's failed jobs, and the removal of what waits. Redrives are atomic. */
export class BullmqUpkeep implements DeadLetters {
  readonly #ask: Ask;
  readonly #prefix: string;
  readonly #clock: Clock;

  constructor(ask: Ask, prefix: string, clock: Clock) {
    this.#ask = ask;
    this.#prefix = prefix;
    this.#clock = clock;
  }

  async list(queue: string, { limit, after = '0/' }: { limit: number; after?: string }): Promise<DeadLetterPage> {
    const [since, id] = after.split(/\/(.*)/);
    const rows = await this.#ask((client) => client.millraceDeadLetters(this.#keyOf(queue), since ?? 0, id ?? '', limit + 1));
    const letters = rows.slice(0, limit).map((row) => toLetter(queue, row));
    const last = letters.at(-1);
    return { letters, ...(rows.length > limit && last && { next: `${last.diedAt}/${last.id}` }) };
  }

  async inspect(queue: string, id: string): Promise<DeadLetter | undefined> {
    const key = this.#keyOf(queue);
    const [diedAt, facts] = await this.#ask((client) => Promise.all([client.zscore(`${key}failed`, id), client.hmget(key + id, ...letterFields)]));
    return diedAt === null ? undefined : toLetter(queue, [id, diedAt, ...facts.map((fact) => fact ?? '')]);
  }

  async redrive(queue: string, id: string): Promise<boolean> {
    return (await this.#ask((client) => client.millraceRedrive(this.#keyOf(queue), id))) === 1;
  }

  async redriveAll(queue: string): Promise<number> {
    const [key, now] = [this.#keyOf(queue), this.#clock.now()];
    return untilNone(async () => {
      const ids = await this.#ask((client) => client.zrange(`${key}failed`, '-inf', now, 'BYSCORE', 'LIMIT', 0, mostPerCall));
      return ids.length === 0 ? 0 : this.#ask((client) => client.millraceRedrive(key, ...ids));
    });
  }

  purge(queue: string): Promise<number> {
    const [key, now] = [this.#keyOf(queue), this.#clock.now()];
    return untilNone(() => this.#ask((client) => client.millracePurgeDead(key, now, mostPerCall)));
  }

  /** As many as wait when it begins: others may publish meanwhile. */
  async purgeWaiting(queue: string): Promise<number> {
    const key = this.#keyOf(queue);
    const [plain, prioritized] = await this.#ask((client) => Promise.all([client.llen(`${key}wait`), client.zcard(`${key}prioritized`)]));
    let left = plain + prioritized;
    return untilNone(async () => {
      const removed = left <= 0 ? 0 : await this.#ask((client) => client.millracePurge(key, Math.min(left, mostPerCall)));
      left -= removed;
      return removed;
    });
  }

  #keyOf(queue: string): string {
    return queuePrefix(this.#prefix, queue);
  }
}

/** Calls `step` until it resolves with 0; resolves with the sum. */
async function untilNone(step: () => Promise<number>): Promise<number> {
  let all = 0;
  for (let some = await step(); some > 0; some = await step()) all += some;
  return all;
}

/** A row of scripts/dead-letters.lua; what it does not know is empty. */
function toLetter(queue: string, [id = '', diedAt = '', body = '', reason = '', ...facts]: readonly string[]): DeadLetter {
  const [publishedAt, deliveries, priority, group] = facts;
  return {
    queue,
    id,
    body,
    reason,
    diedAt: Number(diedAt),
    ...(publishedAt && { publishedAt: Number(publishedAt) }),
    ...(deliveries && { deliveries: Number(deliveries) }),
    ...(Number(priority) > 0 && { priority: bullmqPriority(Number(priority)) }),
    ...(group && { group }),
  };
}
