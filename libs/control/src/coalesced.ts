/** Runs `work` whenever it is asked to, but never twice at once: what is asked for meanwhile is one more time after it. */
export class Coalesced {
  #underway: Promise<void> | undefined;
  #again = false;

  /** `work` must not reject. */
  constructor(private readonly work: () => Promise<void>) {}

  ask(): void {
    this.#again = true;
    this.#underway ??= this.#run().finally(() => (this.#underway = undefined));
  }

  /** Resolves when nothing is underway. */
  async settled(): Promise<void> {
    while (this.#underway) await this.#underway;
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.work();
    }
  }
}
