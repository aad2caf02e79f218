import { type Clock, messageOf, MillraceError, type Random, sleep } from '@millrace/kernel';
import { apiClientErrors, problemIn, ProblemError } from './errors.js';

/** What fetch takes as a body. */
export type Body = NonNullable<RequestInit['body']>;

export interface TransportOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Tries in all. */
  readonly attempts: number;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Made anew for each try; without `again` there is but one. */
  readonly body?: () => Body;
  /** Whether doing it twice comes to the same. Default: yes. */
  readonly again?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const firstPauseMs = 250;
const longestPauseMs = 30_000;

/** Makes calls, again when that may help: after what Retry-After asks for, or a pause that doubles, spread by ±50 %. */
export class Transport {
  constructor(private readonly options: TransportOptions) {}

  /** Rejects with ProblemError, with MILLRACE_API_UNREACHABLE, or with the signal's reason. */
  async call(call: Call): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(call);
      } catch (err) {
        call.signal?.throwIfAborted();
        const isLast = attempt >= this.options.attempts || call.again === false;
        if (isLast || !MillraceError.is(err) || !err.retryable) throw err;
        await sleep(this.options.clock, this.#pauseMs(attempt, err), call.signal);
        call.signal?.throwIfAborted();
      }
    }
  }

  async json<T>(call: Call): Promise<T> {
    return (await (await this.call(call)).json()) as T;
  }

  async #once({ method = 'GET', path, headers = {}, body, signal }: Call): Promise<Response> {
    const response = await this.#fetch(`${this.options.url}${path}`, {
      method,
      headers: { ...this.options.headers, ...headers },
      ...(body ? { body: body(), duplex: 'half' } : {}),
      ...(signal ? { signal } : {}),
    } as RequestInit);
    if (response.ok) return response;
    const problem = problemIn(await response.text(), response.status);
    throw new ProblemError(problem, retryAfterMs(response.headers.get('retry-after')));
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.options.fetch(url, init);
    } catch (cause) {
      const reason = cause instanceof Error && cause.cause !== undefined ? messageOf(cause.cause) : messageOf(cause);
      throw apiClientErrors.error('MILLRACE_API_UNREACHABLE', `${new URL(url).origin} does not answer: ${reason}`, { cause });
    }
  }

  #pauseMs(attempt: number, err: MillraceError): number {
    const asked = err instanceof ProblemError ? err.retryAfterMs : undefined;
    const pause = asked ?? firstPauseMs * 2 ** (attempt - 1) * (0.5 + this.options.random.next());
    return Math.min(pause, longestPauseMs);
  }
}

/** Seconds, as this API gives them; a date, as a proxy might, is left to the usual pause. */
const retryAfterMs = (header: string | null): number | undefined => (header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined);
