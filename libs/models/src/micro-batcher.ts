import { type Clock, nextTurn } from '@millrace/kernel';

/** Runs one batch. */
export type RunBatch = (matrix: Float32Array, rows: number) => Promise<Float32Array>;

export interface BatchOptions {
  /** Columns of the input. */
  readonly features: number;
  /** How long the first call of a batch waits for others, in milliseconds; 0: for those of this turn of the event loop only. */
  readonly windowMs: number;
  /** Rows at most in a batch that is made of several calls. */
  readonly maxRows: number;
}

interface Call {
  readonly matrix: Float32Array;
  readonly rows: number;
  readonly resolve: (output: Float32Array) => void;
  readonly reject: (reason: unknown) => void;
}

/** How much the newest run counts for the expected time of the next. */
const smoothing = 0.2;

/**
 * Makes one batch of the calls that come in one turn of the event loop, while another batch runs, or within a window. The
 * window closes when the batch is full, or early enough for the caller who has the least time left.
 */
export class MicroBatcher {
  #waiting: Call[] = [];
  #rows = 0;
  #running = false;
  /** Whether those who wait are to run as soon as nothing else does. */
  #isDue = false;
  #closesAt = Infinity;
  #cancel: (() => void) | undefined;
  #expectedMs = 0;

  constructor(
    private readonly batch: RunBatch,
    private readonly options: BatchOptions,
    private readonly clock: Clock,
  ) {}

  run(matrix: Float32Array, rows: number, timeLeftMs = Infinity): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ matrix, rows, resolve, reject });
      this.#rows += rows;
      this.#closeWithin(Math.min(this.options.windowMs, timeLeftMs - this.#expectedMs));
    });
  }

  #closeWithin(ms: number): void {
    if (ms <= 0 || this.#rows >= this.options.maxRows) return this.#close();
    const at = this.clock.monotonic() + ms;
    if (this.#isDue || at >= this.#closesAt) return;
    this.#cancel?.();
    this.#closesAt = at;
    this.#cancel = this.clock.after(ms, () => this.#close());
  }

  #close(): void {
    this.#cancel?.();
    this.#closesAt = Infinity;
    this.#isDue = true;
    if (!this.#running) void this.#runWaiting();
  }

  async #runWaiting(): Promise<void> {
    this.#running = true;
    while (this.#isDue) {
      await nextTurn();
      const calls = this.#take();
      this.#isDue = this.#waiting.length > 0;
      await this.#runCalls(calls);
    }
    this.#running = false;
  }

  /** As many calls, oldest first, as fit in one batch; at least one. */
  #take(): readonly Call[] {
    let rows = 0;
    const end = this.#waiting.findIndex((call, index) => (rows += call.rows) > this.options.maxRows && index > 0);
    const calls = end < 0 ? this.#waiting : this.#waiting.slice(0, end);
    this.#waiting = end < 0 ? [] : this.#waiting.slice(end);
    this.#rows = this.#waiting.reduce((sum, call) => sum + call.rows, 0);
    return calls;
  }

  /** What fails together is run again one by one, so that a bad call costs only itself. */
  async #runCalls(calls: readonly Call[]): Promise<void> {
    const startedAt = this.clock.monotonic();
    try {
      const rows = calls.reduce((sum, call) => sum + call.rows, 0);
      const output = await this.batch(joined(calls, rows * this.options.features), rows);
      hand(calls, output, rows);
    } catch (err) {
      if (calls.length === 1) calls[0]?.reject(err);
      else for (const call of calls) await this.#runCalls([call]);
    }
    this.#expectedMs += smoothing * (this.clock.monotonic() - startedAt - this.#expectedMs);
  }
}

function joined(calls: readonly Call[], length: number): Float32Array {
  const [first] = calls;
  if (first && calls.length === 1) return first.matrix;
  const all = new Float32Array(length);
  let at = 0;
  for (const { matrix } of calls) {
    all.set(matrix, at);
    at += matrix.length;
  }
  return all;
}

function hand(calls: readonly Call[], output: Float32Array, rows: number): void {
  const width = output.length / Math.max(rows, 1);
  let at = 0;
  for (const call of calls) {
    call.resolve(calls.length === 1 ? output : output.slice(at, at + call.rows * width));
    at += call.rows * width;
  }
}
