/** What has to be undone, whether the work ends by itself or is cut short. */
export class Undo {
  readonly #steps: Array<() => Promise<unknown>> = [];
  #isOver = false;

  /** Resolves when `step` is remembered; once everything has been undone, undoes it at once and rejects. */
  async add(step: () => Promise<unknown>): Promise<void> {
    if (!this.#isOver) return void this.#steps.push(step);
    await step();
    throw new Error('cut short');
  }

  /** Undoes everything so far, the last first. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) await step();
  }

  /** Undoes everything, and what is yet to come as soon as it comes. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.run();
  }
}
