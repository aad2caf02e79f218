/** Remembers which callbacks were dealt with. One that several processes share makes them one receiver. */
export interface SeenIds {
  has(id: string): boolean | Promise<boolean>;
  /** Called once the callback has been dealt with. */
  add(id: string): void | Promise<void>;
}

/** The ids that came last, in memory: enough for one process, until it ends. */
export class RecentIds implements SeenIds {
  readonly #ids = new Set<string>();

  constructor(private readonly most = 10_000) {}

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > this.most && oldest !== undefined) this.#ids.delete(oldest);
  }
}
