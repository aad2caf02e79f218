import type { Clock } from '@millrace/kernel';
import type { Dispatcher } from 'undici';
import { answerText } from './answer-text.js';
import { CallbackFault, faultOf, type FaultReason } from './callback-fault.js';
import { parseCallbackUrl } from './callback-url.js';
import { classify } from './classify.js';
import { Connections } from './connections.js';
import { guardedConnect } from './guarded-connect.js';
import type { Resolve } from './lookup.js';
import { parseRetryAfter } from './retry-after.js';

export interface CallbackClientOptions {
  readonly clock: Clock;
  /** Also admits http, any port, and addresses that are not of the open internet. For local networks and development. */
  readonly allowPrivate: boolean;
  /** For name and connection with TLS. Default: 3 s. */
  readonly connectTimeoutMs?: number;
  /** Sockets in all. Default: 256. */
  readonly sockets?: number;
  /** Default: the name servers; with `allowPrivate`, as this machine resolves names. */
  readonly resolve?: Resolve;
}

export interface CallbackRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Also admits http, to port 80 too. */
  readonly allowHttp?: boolean;
  /** Until the head of the answer. Default: 15 s. */
  readonly timeoutMs?: number;
}

export type CallbackResponse =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly retryAfterMs?: number;
      /** The beginning of the body of an answer that is not 2xx: one line, at most 256 characters. */
      readonly answer?: string;
    }
  /** There was no answer; the message is a sentence for the owner of the receiver. */
  | { readonly kind: 'error'; readonly reason: FaultReason; readonly message: string };

export interface CallbackClient {
  /** Whether a callback sent now would have a socket. */
  readonly hasRoom: boolean;
  /**
   * Sends one POST over HTTP/1.1 and resolves with the answer. Follows no redirect, repeats nothing, and reads at most
   * 64 KiB of the answer's body. Never rejects for what the network or the receiver does.
   */
  post(url: string, request: CallbackRequest): Promise<CallbackResponse>;
  /** Drops all connections. */
  close(): Promise<void>;
}

const connectionsPerOrigin = 8;
const readBytes = 64 * 1024;
/** For the rest of an answer; a receiver that takes longer loses the connection. */
const readMs = 1_000;
/** Answers such as `103 Early Hints` before the one that counts. */
const mostInformational = 16;

export function createCallbackClient({ clock, allowPrivate, connectTimeoutMs = 3_000, sockets = 256, resolve }: CallbackClientOptions): CallbackClient {
  const connect = guardedConnect({ allowPrivate, timeoutMs: connectTimeoutMs, resolve });
  return new Client(new Connections(connect, { perOrigin: connectionsPerOrigin, sockets }), { clock, allowPrivate, sockets });
}

class Client implements CallbackClient {
  #busy = 0;

  constructor(
    private readonly connections: Connections,
    private readonly options: { readonly clock: Clock; readonly allowPrivate: boolean; readonly sockets: number },
  ) {}

  get hasRoom(): boolean {
    return this.#busy < this.options.sockets;
  }

  async post(text: string, request: CallbackRequest): Promise<CallbackResponse> {
    const target = parseCallbackUrl(text, { allowPrivate: this.options.allowPrivate, allowHttp: request.allowHttp ?? false });
    if (!target.ok) return { kind: 'error', reason: 'refused', message: target.message };
    const deadline = new Deadline(this.options.clock, target.url.host, request.timeoutMs ?? 15_000);
    this.#busy++;
    const end = (): void => {
      deadline.cancel();
      this.#busy--;
    };
    try {
      return await this.#answered(await this.#send(target.url, request, deadline), deadline, end);
    } catch (error) {
      end();
      const { reason, message } = faultOf(error, target.url.host);
      return { kind: 'error', reason, message };
    }
  }

  close(): Promise<void> {
    return this.connections.close();
  }

  #send({ origin, pathname, search }: URL, { headers, body }: CallbackRequest, deadline: Deadline): Promise<Dispatcher.ResponseData> {
    let informational = 0;
    return this.connections.to(origin).request({
      method: 'POST',
      path: pathname + search,
      headers,
      body,
      signal: deadline.signal,
      onInfo: () => {
        if (++informational > mostInformational) deadline.abort('protocol', (host) => `${host} keeps the answer waiting`);
      },
    });
  }

  /** `end` is called once no more of the answer is read. The body of a delivery is nobody's concern; it is read behind. */
  async #answered({ statusCode: status, headers, body }: Dispatcher.ResponseData, { signal }: Deadline, end: () => void): Promise<CallbackResponse> {
    const { clock } = this.options;
    const retryAfterMs = parseRetryAfter(headers['retry-after'], clock.now());
    const response = { kind: 'response', status, ...(retryAfterMs !== undefined && { retryAfterMs }) } as const;
    if (classify(response) === 'delivered') {
      const cancel = clock.after(readMs, () => body.destroy());
      void body.dump({ limit: readBytes, signal }).then(end, end).finally(cancel);
      return response;
    }
    const answer = await answerText(body, clock);
    end();
    return { ...response, ...(answer !== '' && { answer }) };
  }
}

/** Aborts a request whose time is up. */
class Deadline {
  readonly #late = new AbortController();
  readonly cancel: () => void;

  constructor(
    clock: Clock,
    private readonly host: string,
    ms: number,
  ) {
    this.cancel = clock.after(ms, () => this.abort('timeout', () => `${host} did not answer within ${ms / 1000} s`));
  }

  get signal(): AbortSignal {
    return this.#late.signal;
  }

  abort(reason: FaultReason, sentence: (host: string) => string): void {
    this.#late.abort(new CallbackFault(reason, sentence(this.host)));
  }
}
