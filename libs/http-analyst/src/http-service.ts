import { type Clock, messageOf, MillraceError, systemClock } from '@millrace/kernel';
import type { TaskContext } from '@millrace/tasks';
import { Agent, type Dispatcher } from 'undici';
import { analystErrors } from './errors.js';
import { retryAfterMs } from './retry-after.js';

export interface HttpServiceOptions {
  /** Where the service is, with the path that all its requests begin with. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long an answer may take, head and body; never longer than the time that the task has left. Default: 5,000 ms. */
  readonly limitMs?: number;
  /** Default: 1 MiB. */
  readonly maxAnswerBytes?: number;
  readonly clock?: Clock;
}

/** What of a task's context bounds a request. */
export type Bounds = Pick<TaskContext, 'signal' | 'timeLeftMs'>;

export interface ServiceRequest {
  readonly method: 'GET' | 'POST';
  /** After the service's own path. */
  readonly path: string;
  readonly body?: unknown;
}

/** Answers by which a server says that it may be able to later. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A service that is asked with JSON and answers with JSON. Follows no redirects and repeats nothing: that is for the task's policy. */
export class HttpService {
  readonly #agent = new Agent({ connections: 16 });
  readonly #base: URL;

  constructor(private readonly options: HttpServiceOptions) {
    this.#base = new URL(options.url);
  }

  /** Rejects with MILLRACE_ANALYST_UNAVAILABLE, _REFUSED or _ANSWER, or with the reason of the context's signal. */
  async ask(bounds: Bounds, request: ServiceRequest): Promise<unknown> {
    const { limitMs = 5_000, clock = systemClock } = this.options;
    const ms = Math.max(1, Math.min(limitMs, bounds.timeLeftMs()));
    const late = new AbortController();
    const cancel = clock.after(ms, () => late.abort(unavailable(`${this.#base.host} did not answer in ${Math.round(ms)} ms`)));
    try {
      const answer = await this.#send(request, AbortSignal.any([bounds.signal, late.signal]));
      return await this.#read(answer);
    } catch (thrown) {
      bounds.signal.throwIfAborted();
      late.signal.throwIfAborted();
      throw MillraceError.is(thrown) ? thrown : unavailable(`${this.#base.host} cannot be reached: ${messageOf(thrown)}`);
    } finally {
      cancel();
    }
  }

  /** Drops its connections. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }

  #send({ method, path, body }: ServiceRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { origin, pathname, search } = this.#base;
    return this.#agent.request({
      origin,
      path: `${path === '' ? pathname : `${pathname.replace(/\/$/, '')}/${path}`}${search}`,
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...this.options.headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
    });
  }

  async #read({ statusCode: status, headers, body }: Dispatcher.ResponseData): Promise<unknown> {
    const text = await this.#text(body);
    if (status === 200) return jsonOf(text, this.#base.host);
    const { clock = systemClock } = this.options;
    const asked = retryAfterMs(String(headers['retry-after'] ?? ''), clock.now());
    const message = `${this.#base.host} answered ${status}: ${errorIn(text)}`;
    if (passing.has(status)) throw unavailable(message, { status, ...(asked === undefined ? {} : { retryAfterMs: asked }) });
    throw analystErrors.error('MILLRACE_ANALYST_REFUSED', message, { detail: { status } });
  }

  async #text(body: Dispatcher.ResponseData['body']): Promise<string> {
    const { maxAnswerBytes = 1024 * 1024 } = this.options;
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxAnswerBytes) throw answerError(`the answer of ${this.#base.host} is longer than ${maxAnswerBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  }
}

const unavailable = (message: string, detail: Readonly<Record<string, unknown>> = {}): Error => analystErrors.error('MILLRACE_ANALYST_UNAVAILABLE', message, { detail });

export const answerError = (message: string): Error => analystErrors.error('MILLRACE_ANALYST_ANSWER', message);

/** Null for an empty answer. */
function jsonOf(text: string, host: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw answerError(`the answer of ${host} is no JSON`);
  }
}

/** The sentence in a protocol's error object, else the beginning of the text; one line. */
function errorIn(text: string): string {
  const told = /"error"\s*:\s*"((?:[^"\\]|\\.){1,300})/.exec(text)?.[1] ?? text;
  return told.replaceAll(/\s+/g, ' ').slice(0, 200);
}
