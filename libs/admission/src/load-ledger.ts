import type { DocumentStore } from '@millrace/document-store';
import { type Clock, messageOf } from '@millrace/kernel';
import type { Log } from '@millrace/telemetry';
import { z } from 'zod';
import { cohortsOf, Load, type LoadCounts, type LoadSnapshot } from './load.js';

const collection = 'load';
/** What a process has counted is forgotten so long after its last word. */
const keptMs = 30_000;

const countsSchema: z.ZodType<LoadCounts> = z.object({ begun: z.record(z.string(), z.record(z.string(), z.number())), ended: z.record(z.string(), z.record(z.string(), z.number())), ends: z.record(z.string(), z.number()) });

/**
 * What all processes have begun and ended of late. Each counts what it does and tells the others every now and then while
 * it does anything, and looks at what they tell while somebody asks: nothing is asked or written per run, nothing while idle,
 * and what a killed process did not tell is forgotten within seconds.
 */
export class LoadLedger {
  readonly #own: Load;
  #others: readonly LoadCounts[] = [];
  #cancelTell: (() => void) | undefined;
  #cancelRead: (() => void) | undefined;

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
    this.#tellSoon();
  }

  ended(tenant: string, createdAt: number): void {
    this.#own.ended(tenant, createdAt);
    this.#tellSoon();
  }

  /** How things stand, as far as has been told. */
  snapshot(): LoadSnapshot {
    this.#cancelRead ??= this.deps.clock.after(this.roundMs, () => void this.#round(() => this.#read()).finally(() => (this.#cancelRead = undefined)));
    return cohortsOf([this.#own.counts(), ...this.#others], this.deps.clock.now(), this.roundMs);
  }

  stop(): void {
    this.#cancelTell?.();
    this.#cancelRead?.();
  }

  #tellSoon(): void {
    this.#cancelTell ??= this.deps.clock.after(this.roundMs, () => {
      this.#cancelTell = undefined;
      void this.#round(() => this.#tell());
    });
  }

  async #round(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (err) {
      this.deps.log.warn({ reason: messageOf(err) }, 'load not told or not read');
    }
  }

  async #tell(): Promise<void> {
    const { documents, clock } = this.deps;
    await documents.put({ collection, key: this.process }, JSON.stringify(this.#own.counts()), { expiresAt: clock.now() + keptMs });
  }

  async #read(): Promise<void> {
    const documents = await this.deps.documents.list(collection, { limit: 1_000 });
    this.#others = documents.filter(({ key }) => key !== this.process).map(({ value }) => countsSchema.parse(JSON.parse(value)));
  }
}
