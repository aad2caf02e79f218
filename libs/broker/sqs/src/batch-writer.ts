/** Why one entry of a batch was refused while others of it were taken. */
export interface EntryFailure {
  /** Trying again is useless. */
  readonly senderFault: boolean;
  readonly reason: string;
}

export interface BatchOptions<Entry> {
  /** Sends up to ten entries; resolves with the failures by position. Its rejection is that of every entry's `write`. */
  readonly send: (entries: readonly Entry[]) => Promise<ReadonlyMap<number, EntryFailure>>;
  readonly bytesOf: (entry: Entry) => number;
  /** How long an entry waits for company, in milliseconds. */
  readonly windowMs: number;
  /** When nothing is under way, sends what was written in this turn of the event loop without waiting any longer. */
  readonly eager: boolean;
}

interface Waiting<Entry> {
  readonly entry: Entry;
  readonly settle: (failure: EntryFailure | undefined) => void;
  readonly fail: (error: unknown) => void;
}

const mostEntries = 10;
const mostBytes = 1_048_576;
const mostAttempts = 3;

/** Gathers entries that are written at about the same time into batches of ten entries and 1 MiB. */
export class BatchWriter<Entry> {
  readonly #options: BatchOptions<Entry>;
  #waiting: Array<Waiting<Entry>> = [];
  #bytes = 0;
  #underWay = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(options: BatchOptions<Entry>) {
    this.#options = options;
  }

  /** Resolves with the failure, if the entry failed for good; one that is not the sender's fault is tried three times. */
  async write(entry: Entry): Promise<EntryFailure | undefined> {
    let failure: EntryFailure | undefined;
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      failure = await this.#join(entry);
      if (!failure || failure.senderFault) break;
    }
    return failure;
  }

  #join(entry: Entry): Promise<EntryFailure | undefined> {
    return new Promise((settle, fail) => {
      const bytes = this.#options.bytesOf(entry);
      if (this.#bytes + bytes > mostBytes) this.#sendWaiting();
      this.#waiting.push({ entry, settle, fail });
      this.#bytes += bytes;
      if (this.#waiting.length === mostEntries) this.#sendWaiting();
      else this.#cancelTimer ??= this.#startTimer();
    });
  }

  #startTimer(): () => void {
    const send = () => this.#sendWaiting();
    if (this.#options.eager && this.#underWay === 0) {
      const turn = setImmediate(send);
      return () => clearImmediate(turn);
    }
    const timer = setTimeout(send, this.#options.windowMs);
    return () => clearTimeout(timer);
  }

  #sendWaiting(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    if (batch.length > 0) void this.#send(batch);
  }

  async #send(batch: ReadonlyArray<Waiting<Entry>>): Promise<void> {
    this.#underWay += 1;
    try {
      const failures = await this.#options.send(batch.map(({ entry }) => entry));
      for (const [at, { settle }] of batch.entries()) settle(failures.get(at));
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
    this.#underWay -= 1;
    if (this.#options.eager && this.#underWay === 0) this.#sendWaiting();
  }
}
