import type { DocumentStore } from '@millrace/document-store';
import { type Clock, messageOf, Paced } from '@millrace/kernel';
import type { AnyTask, Rate } from '@millrace/tasks';
import type { Log } from '@millrace/telemetry';
import { z } from 'zod';

const collection = 'rate-limits';
const rateSchema: z.ZodType<Rate> = z.object({ perSecond: z.number().positive(), burst: z.number().int().positive() });

/** A limit and the bucket that all workers take out of. */
export interface Bucket {
  readonly name: string;
  readonly rate: Rate;
}

/** How often limits that were set are read at most, in milliseconds. */
const readMs = 5_000;
/** How far ahead turns are kept for calls that wait, in milliseconds. */
const horizonMs = 3_600_000;

/** The rate limits of tasks: those of their policies, and over them those that were set at run time, for a task or for one of its keys. */
export class TaskRates {
  readonly #policies: ReadonlyMap<string, Rate>;
  #set: ReadonlyMap<string, Rate> = new Map();
  readonly #changes: Paced;
  #unwatch: (() => Promise<void>) | undefined;

  constructor(
    tasks: readonly AnyTask[],
    private readonly deps: { readonly documents: DocumentStore; readonly clock: Clock; readonly log: Log },
  ) {
    this.#changes = new Paced(() => void this.#follow(), deps.clock, () => readMs);
    this.#policies = new Map(tasks.flatMap(({ name, policy }) => (policy.rateLimit ? [[name, policy.rateLimit]] : [])));
  }

  /** Reads what was set and goes on following it until it is stopped. */
  async start(): Promise<void> {
    this.#unwatch = await this.deps.documents.watch(collection, this.#changes.ask);
    await this.#read();
  }

  async stop(): Promise<void> {
    await this.#unwatch?.();
    this.#changes.stop();
  }

  isLimited(task: string): boolean {
    return this.#policies.has(task) || this.#set.has(task);
  }

  /** Undefined for a call that may begin whenever it likes. A key has a bucket of its own, also under the limit of its task. */
  bucketOf(task: string, key?: string): Bucket | undefined {
    const name = key === undefined ? task : `${task}/${key}`;
    const rate = this.#set.get(name) ?? this.#set.get(task) ?? this.#policies.get(task);
    return rate && { name: `rate:${name}`, rate };
  }

  /**
   * Keeps the next turn for a call. Resolves with when it comes, in milliseconds from now, 0 for now; with undefined when
   * so many wait already that theirs fill the next hour.
   */
  async turnIn({ name, rate }: Bucket): Promise<number | undefined> {
    const ahead = Math.ceil((rate.perSecond * horizonMs) / 1_000);
    const { allowed, fullAfterMs } = await this.deps.documents.take(name, { perSecond: rate.perSecond, burst: rate.burst + ahead });
    return allowed ? Math.max(0, fullAfterMs - (rate.burst * 1_000) / rate.perSecond) : undefined;
  }

  async #follow(): Promise<void> {
    try {
      await this.#read();
    } catch (err) {
      this.deps.log.warn({ reason: messageOf(err) }, 'rate limits not read; those read before stay in force');
    }
  }

  async #read(): Promise<void> {
    const documents = await this.deps.documents.list(collection, { limit: 1_000 });
    this.#set = new Map(documents.map(({ key, value }) => [key, rateSchema.parse(JSON.parse(value))]));
  }
}
