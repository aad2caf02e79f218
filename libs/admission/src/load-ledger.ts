import type { DocumentStore } from '@millrace/document-store';
import { type Clock, every, messageOf } from '@millrace/kernel';
import type { Log } from '@millrace/telemetry';
import { z } from 'zod';
import { cohortsOf, Load, type LoadCounts } from './load.js';

const collection = 'load';
/** What a process has counted is forgotten so long after its last word. */
const keptMs = 30_000;

const countsSchema: z.ZodType<LoadCounts> = z.object({ begun: z.record(z.string(), z.record(z.string(), z.number())), ended: z.record(z.string(), z.record(z.string(), z.number())), ends: z.record(z.string(), z.number()) });

/**
 * What all processes have begun and ended of late. Each counts what it does and tells the others every now and then, so
 * nothing is asked or written per run, and what a killed process did not tell is forgotten within seconds.
 */
export class LoadLedger {
  readonly #own: Load;
  #others: readonly LoadCounts[] = [];
  #isTold = true;
  #follows = false;
  #stop: (() => void) | undefined;

  constructor(
    private readonly process: string,
    private readonly deps: { readonly documents: DocumentStore; readonly clock: Clock; readonly log: Log },
    /** How often it tells what it has counted and looks at what others have, in milliseconds. */
    private readonly roundMs: number,
  ) {
    this.#own = new Load(deps.clock);
  }

  begun(tenant: string, createdAt: number): void {
    this.#own.begun(tenant, createdAt);
    this.#isTold = false;
  }

  ended(tenant: string, createdAt: number): void {
    this.#own.ended(tenant, createdAt);
    this.#isTold = false;
  }

  /** Tells others until it is stopped. */
  start(): void {
    this.#stop = every(this.deps.clock, this.roundMs, () => this.#round());
  }

  /** Looks at what the others tell from now on. */
  follow(): void {
    this.#follows = true;
  }

  stop(): void {
    this.#stop?.();
  }

  /** How things stand, as far as has been told. */
  snapshot(): ReturnType<typeof cohortsOf> {
    return cohortsOf([this.#own.counts(), ...this.#others], this.deps.clock.now());
  }

  async #round(): Promise<void> {
    const { log } = this.deps;
    try {
      await this.#tell();
      if (this.#follows) this.#others = await this.#read();
    } catch (err) {
      log.warn({ reason: messageOf(err) }, 'load not told');
    }
  }

  async #tell(): Promise<void> {
    if (this.#isTold) return;
    this.#isTold = true;
    const { documents, clock } = this.deps;
    await documents.put({ collection, key: this.process }, JSON.stringify(this.#own.counts()), { expiresAt: clock.now() + keptMs });
  }

  async #read(): Promise<readonly LoadCounts[]> {
    const documents = await this.deps.documents.list(collection, { limit: 1_000 });
    return documents.filter(({ key }) => key !== this.process).map(({ value }) => countsSchema.parse(JSON.parse(value)));
  }
}
