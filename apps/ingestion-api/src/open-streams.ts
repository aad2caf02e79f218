import type { ServerResponse } from 'node:http';
import type { Clock } from '@millrace/kernel';

/** Answers that stay open for long. When the server drains they end, so that it can; clients come back to another. */
export class OpenStreams {
  readonly #closing = new AbortController();

  constructor(private readonly clock: Clock) {}

  /** Aborts when the client goes away or the server drains. */
  open(response: ServerResponse): AbortSignal {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    return AbortSignal.any([gone.signal, this.#closing.signal]);
  }

  after(ms: number): AbortSignal {
    const late = new AbortController();
    this.clock.after(ms, () => late.abort());
    return late.signal;
  }

  closeAll(): void {
    this.#closing.abort();
  }
}
