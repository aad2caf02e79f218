import type {
  Accepted,
  CallbackEvent,
  CallbackView,
  IngestionEvent,
  IngestionList,
  IngestionSummary,
  IngestionView,
  ListQuery,
  ObjectSource,
} from '@millrace/contracts';
import { type Clock, type Random, sleep, systemClock, systemRandom } from '@millrace/kernel';
import { apiClientErrors } from './errors.js';
import { type IngestOptions, queryOf, splitOptions, typeOfName } from './options.js';
import { serverSentEvents } from './server-sent-events.js';
import { type Body, type Call, Transport } from './transport.js';

export interface MillraceClientOptions {
  /** Where the ingestion API is, such as `https://ingest.example.com`. */
  readonly url: string;
  /** An API key, or a token. */
  readonly apiKey?: string;
  /** Tries of a call in all, the first included. Default: 4. */
  readonly attempts?: number;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Data as the platform has it. A stream can be sent once, so it is not tried again; a function that makes it can. */
export type Data = string | Uint8Array | Blob | ReadableStream<Uint8Array> | (() => ReadableStream<Uint8Array>);

/** What became of a request to begin an ingestion. */
export interface Ingested extends Accepted {
  /** The key was used before, with the same request: this is the ingestion of that time. */
  readonly replayed: boolean;
}

export interface WaitOptions {
  /** Default: as long as it takes. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const longestWaitSeconds = 30;

/** Before a stream of events that was lost is asked for again, in milliseconds. */
const reconnectMs = 1_000;
const base = '/v1/ingestions';
const open: ReadonlySet<string> = new Set(['accepted', 'running']);

/**
 * The ingestion API. Every call rejects with ProblemError when the API refuses and with MILLRACE_API_UNREACHABLE when it
 * does not answer, both after the tries that may help.
 */
export class MillraceClient {
  readonly #transport: Transport;
  readonly #clock: Clock;

  constructor({ url, apiKey, attempts = 4, fetch = globalThis.fetch, clock = systemClock, random = systemRandom }: MillraceClientOptions) {
    const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    this.#transport = new Transport({ url: url.replace(/\/$/, ''), headers, attempts, fetch, clock, random });
    this.#clock = clock;
  }

  /** Sends data of a media type, such as `text/csv`. */
  ingest(data: Data, contentType: string, ingest: IngestOptions = {}): Promise<Ingested> {
    const { options, headers, signal } = splitOptions(ingest);
    const call = { path: base + queryOf(options), headers: { ...headers, 'content-type': contentType }, signal };
    return this.#begin({ ...call, again: !(data instanceof ReadableStream), body: () => (typeof data === 'function' ? data() : (data as Body)) });
  }

  /** Sends a file from disk, without reading it into memory; its name tells its type. */
  async ingestFile(path: string, ingest: IngestOptions = {}): Promise<Ingested> {
    const [{ openAsBlob }, { basename }] = await Promise.all([import('node:fs'), import('node:path')]);
    const filename = ingest.filename ?? basename(path);
    return this.ingest(await openAsBlob(path), typeOfName(filename), { ...ingest, filename });
  }

  /** Sends several files, at most five, as one ingestion. */
  ingestFiles(files: readonly File[], ingest: IngestOptions = {}): Promise<Ingested> {
    const { options, headers, signal } = splitOptions(ingest);
    const body = (): FormData => {
      const form = new FormData();
      form.append('options', JSON.stringify(options));
      files.forEach((file, nth) => form.append(`file${nth + 1}`, file));
      return form;
    };
    return this.#begin({ path: base, headers, body, signal });
  }

  /** Has an object in S3 ingested. */
  ingestObject(source: ObjectSource, ingest: IngestOptions = {}): Promise<Ingested> {
    const { options, headers, signal } = splitOptions(ingest);
    return this.#begin({ path: base, headers: { ...headers, 'content-type': 'application/json' }, body: () => JSON.stringify({ source, options }), signal });
  }

  get(id: string, signal?: AbortSignal): Promise<IngestionView> {
    return this.#transport.json({ path: pathOf(id), signal });
  }

  /** Resolves when the outcome is frozen, or the ingestion cancelled. Rejects with MILLRACE_API_NOT_YET when the time is up. */
  async wait(id: string, { timeoutMs = Infinity, signal }: WaitOptions = {}): Promise<IngestionView> {
    const until = this.#clock.monotonic() + timeoutMs;
    for (;;) {
      const leftMs = until - this.#clock.monotonic();
      const seconds = Math.max(0, Math.min(longestWaitSeconds, Math.ceil(leftMs / 1000)));
      const view: IngestionView = await this.#transport.json({ path: pathOf(id), headers: { prefer: `wait=${seconds}` }, signal });
      if (!open.has(view.status)) return view;
      if (leftMs <= 0) throw apiClientErrors.error('MILLRACE_API_NOT_YET', `ingestion ${id} was not over within ${timeoutMs} ms`);
    }
  }

  /** The body of the callback with all results. Rejects with MILLRACE_INGESTION_OPEN before the outcome is frozen. */
  results(id: string, signal?: AbortSignal): Promise<CallbackEvent> {
    return this.#transport.json({ path: `${pathOf(id)}/results`, signal });
  }

  /** All that fit, newest first, page by page as they are asked for. */
  async *list(query: Omit<ListQuery, 'cursor'> = {}, signal?: AbortSignal): AsyncGenerator<IngestionSummary> {
    let cursor: string | undefined;
    do {
      const page: IngestionList = await this.#transport.json({ path: base + queryOf({ ...query, ...(cursor === undefined ? {} : { cursor }) }), signal });
      yield* page.ingestions;
      ({ cursor } = page);
    } while (cursor !== undefined);
  }

  /** What happens, until the end. Goes on by itself when the connection is lost; a state may then be told twice. */
  async *events(id: string, signal?: AbortSignal): AsyncGenerator<IngestionEvent> {
    let last = '';
    for (;;) {
      const headers = last === '' ? {} : { 'last-event-id': last };
      const { body } = await this.#transport.call({ path: `${pathOf(id)}/events`, headers, signal });
      try {
        for await (const { id: position, data } of serverSentEvents(body ?? new ReadableStream())) {
          const event: IngestionEvent = JSON.parse(data);
          yield event;
          if (event.type === 'end') return;
          last = position;
        }
      } catch {
        signal?.throwIfAborted(); // else the connection was lost: it is made anew, and what the server refuses is told then
      }
      await sleep(this.#clock, reconnectMs, signal);
    }
  }

  /** Rejects with MILLRACE_INGESTION_OVER when there is nothing left to cancel. */
  cancel(id: string, signal?: AbortSignal): Promise<IngestionView> {
    return this.#transport.json({ method: 'DELETE', path: pathOf(id), signal });
  }

  /** Has the callback sent once more. Rejects with MILLRACE_CALLBACK_OPEN while its delivery is not over. */
  replay(id: string, signal?: AbortSignal): Promise<CallbackView> {
    return this.#transport.json({ method: 'POST', path: `${pathOf(id)}/callback:replay`, again: false, signal });
  }

  /** What became of the callback. */
  deliveries(id: string, signal?: AbortSignal): Promise<CallbackView> {
    return this.#transport.json({ path: `${pathOf(id)}/deliveries`, signal });
  }

  async #begin(call: Omit<Call, 'method'>): Promise<Ingested> {
    const response = await this.#transport.call({ ...call, method: 'POST' });
    return { ...((await response.json()) as Accepted), replayed: response.headers.get('idempotency-replayed') === 'true' };
  }
}

const pathOf = (id: string): string => `${base}/${encodeURIComponent(id)}`;
