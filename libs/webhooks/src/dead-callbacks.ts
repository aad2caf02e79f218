import type { DocumentStore } from '@millrace/document-store';

/** A callback that nobody took. Its outcome stays readable, and it can be replayed. */
export interface DeadCallback {
  readonly run: string;
  readonly status: 'exhausted' | 'endpoint-disabled';
  /** Where it was to go, without path and query. */
  readonly origin: string;
  readonly at: number;
  readonly attempts: number;
  /** Of the last attempt: the status of the answer, or why there was none. */
  readonly reason: string;
}

export interface ListDead {
  /** Only after this run. */
  readonly after?: string;
  /** At most this many, 1 to 1,000. */
  readonly limit: number;
}

export interface FindDead extends ListDead {
  /** Only those that ended so. */
  readonly status?: DeadCallback['status'];
}

/** A page may be short although there is more; only one without `next` is the last. */
export interface DeadPage {
  readonly callbacks: readonly DeadCallback[];
  /** The `after` of the next page. */
  readonly next?: string;
}

/** In search of a rare status no more is looked at for one page than this many times a list of this many. */
const mostLists = 5;
const listed = 200;

const keptMs = 15 * 24 * 3_600_000;
const collectionOf = (tenant: string): string => `dead-callbacks:${tenant}`;

/** The callbacks of each tenant that came to nothing, kept for 15 days as the records are. */
export class DeadCallbacks {
  constructor(private readonly documents: Pick<DocumentStore, 'put' | 'remove' | 'list'>) {}

  async add(tenant: string, callback: DeadCallback): Promise<void> {
    await this.documents.put({ collection: collectionOf(tenant), key: callback.run }, JSON.stringify(callback), { expiresAt: callback.at + keptMs });
  }

  async remove(tenant: string, run: string): Promise<void> {
    await this.documents.remove({ collection: collectionOf(tenant), key: run });
  }

  /** In the order of the runs' ids, which is that of their beginnings. */
  async list(tenant: string, options: ListDead): Promise<readonly DeadCallback[]> {
    const documents = await this.documents.list(collectionOf(tenant), options);
    return documents.map(({ value }) => JSON.parse(value) as DeadCallback);
  }

  /** One page of those that ended in a certain way, in the same order. */
  async find(tenant: string, { status, after, limit }: FindDead): Promise<DeadPage> {
    const found: DeadCallback[] = [];
    let next = after;
    for (let lists = 0; found.length < limit && lists < mostLists; lists++) {
      const some = await this.list(tenant, { ...(next !== undefined && { after: next }), limit: status === undefined ? limit : listed });
      if (some.length === 0) return { callbacks: found };
      const fitting = some.filter((callback) => status === undefined || callback.status === status);
      found.push(...fitting.slice(0, limit - found.length));
      next = (found.length === limit ? found : some).at(-1)?.run;
    }
    return { callbacks: found, ...(next !== undefined && { next }) };
  }
}
