import type { Cells } from '@millrace/document-store';
import type { DocumentTable } from './document-table.js';
import { bucketKey, type Item } from './items.js';
import { begin, moveOn } from './updates.js';

const mostKnown = 10_000;

/**
 * Buckets as items that hold their theoretical arrival time. DynamoDB has no maximum, so whether that lies ahead of now
 * makes two updates of one: as it did when this process saw the bucket last, so that mostly one request is enough.
 */
export class Buckets {
  readonly #table: DocumentTable;
  readonly #lastSeen = new Map<string, number>();

  constructor(table: DocumentTable) {
    this.#table = table;
  }

  async take(bucket: string, { costMicros, capacityMicros }: Cells, nowMicros: number): Promise<{ allowed: boolean; aheadMicros: number }> {
    const aheadOf = (tat: number): number => Math.max(0, tat - nowMicros);
    const isTooMuch = (tat: number): boolean => aheadOf(tat) + costMicros > capacityMicros;
    if (costMicros === 0 || costMicros > capacityMicros) {
      const tat = tatOf(await this.#table.get(bucketKey(bucket)));
      return { allowed: !isTooMuch(tat), aheadMicros: aheadOf(tat) };
    }
    for (;;) {
      const { applied, tat } = await this.#update(bucket, { costMicros, capacityMicros }, nowMicros);
      if (applied || isTooMuch(tat)) return { allowed: applied, aheadMicros: aheadOf(tat) };
    }
  }

  async #update(bucket: string, { costMicros, capacityMicros }: Cells, nowMicros: number): Promise<{ applied: boolean; tat: number }> {
    const latestMicros = nowMicros + capacityMicros;
    const fullAt = latestMicros / 1_000;
    const isAhead = (this.#lastSeen.get(bucket) ?? 0) >= nowMicros;
    const update = isAhead ? moveOn(nowMicros, costMicros, { latestMicros, fullAt }) : begin(nowMicros, costMicros, fullAt);
    const { applied, item } = await this.#table.update(bucketKey(bucket), update);
    const tat = tatOf(item);
    if (this.#lastSeen.size === mostKnown) this.#lastSeen.clear();
    this.#lastSeen.set(bucket, tat);
    return { applied, tat };
  }
}

const tatOf = (item: Item | undefined): number => Number(item?.['t']?.N ?? 0);
