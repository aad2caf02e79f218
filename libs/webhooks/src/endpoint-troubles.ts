import { createHash } from 'node:crypto';
import type { Document, DocumentStore } from '@millrace/document-store';
import { type Clock, messageOf } from '@millrace/kernel';
import type { Log } from '@millrace/telemetry';
import type { Opening } from './endpoint-gate.js';

/** Names an endpoint. */
export interface EndpointName {
  readonly tenant: string;
  readonly origin: string;
}

/** An endpoint whose last attempts, by whichever dispatcher, all failed. */
export interface Trouble extends EndpointName {
  /** When the first of them did, in milliseconds since the epoch. */
  readonly since: number;
  /** When this was last written. */
  readonly at: number;
  readonly opening?: Opening;
}

interface Deps {
  readonly documents: Pick<DocumentStore, 'put' | 'remove' | 'list' | 'watch'>;
  readonly clock: Clock;
  readonly log: Log;
}

const collection = 'endpoint-troubles';
const page = 1_000;
/** Longer than the longest wait between two attempts. */
const keptMs = 50 * 3_600_000;
const writtenEveryMs = 3_600_000;

const nameOf = ({ tenant, origin }: EndpointName): string => `${tenant} ${origin}`;
const documentOf = (endpoint: EndpointName) => ({ collection, key: createHash('sha256').update(nameOf(endpoint)).digest('hex').slice(0, 40) });

/**
 * The endpoints in trouble, as all dispatchers together see it, kept in memory. An endpoint without trouble costs nothing;
 * what others learn comes within about a second.
 */
export class EndpointTroubles {
  #known: ReadonlyMap<string, Trouble> = new Map();
  #reading = false;
  #changed = false;
  #stop: (() => Promise<void>) | undefined;

  constructor(private readonly deps: Deps) {}

  async start(): Promise<void> {
    this.#stop ??= await this.deps.documents.watch(collection, () => void this.#readAgain());
    await this.#readAgain();
  }

  async stop(): Promise<void> {
    await this.#stop?.();
    this.#stop = undefined;
  }

  of(endpoint: EndpointName): Trouble | undefined {
    const known = this.#known.get(nameOf(endpoint));
    return known && known.at + keptMs > this.deps.clock.now() ? known : undefined;
  }

  /** An attempt failed; resolves with the endpoint's trouble. */
  async failed(endpoint: EndpointName): Promise<Trouble> {
    const now = this.deps.clock.now();
    const known = this.of(endpoint);
    if (known && now - known.at < writtenEveryMs) return known;
    return this.#write({ ...endpoint, ...known, since: known?.since ?? now, at: now });
  }

  async opened(endpoint: EndpointName, opening: Opening): Promise<void> {
    const now = this.deps.clock.now();
    await this.#write({ ...endpoint, since: this.of(endpoint)?.since ?? now, at: now, opening });
  }

  /** An attempt was successful. */
  async over(endpoint: EndpointName): Promise<void> {
    this.#known = new Map([...this.#known].filter(([name]) => name !== nameOf(endpoint)));
    await this.deps.documents.remove(documentOf(endpoint));
  }

  async #write({ tenant, origin, ...rest }: Trouble): Promise<Trouble> {
    const trouble = { tenant, origin, ...rest };
    this.#known = new Map([...this.#known, [nameOf(trouble), trouble]]);
    await this.deps.documents.put(documentOf(trouble), JSON.stringify(trouble), { expiresAt: trouble.at + keptMs });
    return trouble;
  }

  /** One look at a time; what changes meanwhile calls for one more. */
  async #readAgain(): Promise<void> {
    this.#changed = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#changed) {
        this.#changed = false;
        this.#known = await this.#read();
      }
    } catch (err) {
      this.deps.log.warn({ reason: messageOf(err) }, 'endpoints in trouble not read');
    } finally {
      this.#reading = false;
    }
  }

  async #read(): Promise<ReadonlyMap<string, Trouble>> {
    const found: Document[] = [];
    for (let more = await this.#page(''); more.length > 0; more = await this.#page(more.at(-1)?.key ?? '')) found.push(...more);
    return new Map(found.map(({ value }) => JSON.parse(value) as Trouble).map((trouble) => [nameOf(trouble), trouble]));
  }

  #page(after: string): Promise<readonly Document[]> {
    return this.deps.documents.list(collection, { after, limit: page });
  }
}
