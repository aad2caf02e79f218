import { type ListRuns, type RunPosition, takeNewest, inListOrder } from '@millrace/run-store';
import type { Cluster, Redis } from 'ioredis';

/** Looked up beyond what is asked for, as runs of one millisecond may stand in another order than the place to go on from. */
const lookFurther = 20;

/** The indices of tenants' runs: for each tenant a sorted set of ids by time in every hash slot. */
export class ListedRuns {
  constructor(
    private readonly redis: Redis | Cluster,
    private readonly tags: readonly string[],
  ) {}

  indexOf(tag: string, tenant: string): string {
    return `${tag}:runs:${tenant}`;
  }

  async places(tenant: string, options: ListRuns): Promise<readonly RunPosition[]> {
    const found = await Promise.all(this.tags.map((tag) => takeNewest(options, this.#newest(this.indexOf(tag, tenant), options))));
    return found.flat().sort(inListOrder).slice(0, options.limit);
  }

  #newest(index: string, { limit, since, until, after }: ListRuns): () => Promise<RunPosition[]> {
    const latest = after && (until === undefined || after.createdAt < until) ? after.createdAt : until === undefined ? '+inf' : `(${until}`;
    const count = limit + lookFurther;
    let offset = 0;
    return async () => {
      const flat = await this.redis.zrevrangebyscore(index, latest, since ?? '-inf', 'WITHSCORES', 'LIMIT', offset, count);
      offset += count;
      return Array.from({ length: flat.length / 2 }, (_, i) => ({ id: flat[2 * i] ?? '', createdAt: Number(flat[2 * i + 1]) }));
    };
  }
}
