/** Shares fsyncs among those who wait for one at the same time (group commit). */
export class GroupedSync {
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(private readonly fsync: (folder: string) => Promise<void>) {}

  /** Resolves after an fsync of the folder that began after this call: one that is under way comes too early for it. */
  sync(folder: string): Promise<void> {
    const running = this.#running.get(folder);
    if (!running) return this.#start(folder);
    const next = this.#next.get(folder) ?? running.catch(() => undefined).then(() => this.#start(folder));
    this.#next.set(folder, next);
    return next;
  }

  #start(folder: string): Promise<void> {
    this.#next.delete(folder);
    const running = this.fsync(folder).finally(() => {
      if (this.#running.get(folder) === running) this.#running.delete(folder);
    });
    this.#running.set(folder, running);
    return running;
  }
}
